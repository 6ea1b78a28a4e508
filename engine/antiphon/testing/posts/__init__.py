"""Things said in public, to try workflows on: about an invented brand, real ones, news of the brand, or the user's own.

Torréa (`@torrea`) is invented: a coffee roaster in Lyon with a café and a shop on the web.
"""

from antiphon.testing.posts.brand import BrandPost, NewsItem, brand_posts, news
from antiphon.testing.posts.own import OwnPost, OwnPosts, read_posts
from antiphon.testing.posts.tweets import Tweet, fetch_tweets

__all__ = [
    "BrandPost",
    "NewsItem",
    "OwnPost",
    "OwnPosts",
    "Tweet",
    "brand_posts",
    "fetch_tweets",
    "news",
    "read_posts",
]
