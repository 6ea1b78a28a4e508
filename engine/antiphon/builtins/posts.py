"""Posts on any network: what is said, changed, deleted and counted goes where the connection leads."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import Field

from antiphon.components.action import Computation
from antiphon.components.capabilities import Ability, Identifies, ReadsMetrics
from antiphon.components.chaining import ThreadAction
from antiphon.components.changing import DeleteAction, EditAction
from antiphon.components.component import Options
from antiphon.components.context import ReadContext
from antiphon.components.listening import CommentsSource, MentionsSource, OwnPostsSource, SearchSource
from antiphon.components.posting import MessageAction, PublishAction, ReplyAction
from antiphon.components.presenting import ProfileAction
from antiphon.components.targets import Target


class PublishPost(PublishAction):
    """Publishes a post on the network of the connection.

    use: post.publish
    with: {connection: brand, text: "New roast: ${{ event.title }} ${{ event.url }}", language: en}

    What the network would refuse is refused in the plan, with the count and the limit. A network's own action, such as
    `mastodon.post`, is the same with what only that network has.
    """

    name = "post.publish"


class ReplyToPost(ReplyAction):
    """Answers a post on the network of the connection.

    use: post.reply
    with: {connection: brand, to: "${{ event }}", text: Thank you!}
    """

    name = "post.reply"


class PublishThread(ThreadAction):
    """Publishes a text as a thread on the network of the connection; as one post, where it fits into one.

    use: post.thread
    with: {connection: brand, text: "${{ event.text }}"}

    It is split where a reader would pause, and its parts are numbered. The result has the first post, and `parts`.
    """

    name = "post.thread"


class EditPost(EditAction):
    """Puts other words into a post of the account, where its network lets posts be changed.

    use: post.edit
    with: {connection: brand, post: "109372843234", text: "New roast, now in 250 g"}
    """

    name = "post.edit"


class DeletePost(DeleteAction):
    """Deletes a post of the account, for good.

    use: post.delete
    with: {connection: brand, post: "109372843234"}
    """

    name = "post.delete"


class SendMessage(MessageAction):
    """Sends a message to one person or chat on the network of the connection.

    use: message.send
    with: {connection: brand, to: "${{ event.author.handle }}", text: "Your order is on its way."}
    """

    name = "message.send"


class SetProfile(ProfileAction):
    """Sets how the account presents itself, where its network lets it: name, bio, table, avatar, banner.

    use: profile.set
    with:
      connection: brand
      bio: "Coffee, roasted on Tuesdays. In August we are in Brittany."
      avatar: {file: images/summer.png}

    What is left out stays as it is.
    """

    name = "profile.set"


class Mentions(MentionsSource):
    """What mentions the account, on the network of the connection.

    poll:
      source: post.mentions
      with: {connection: brand}
      every: 1m
    """

    name = "post.mentions"


class Comments(CommentsSource):
    """What is said below the account's posts, on the network of the connection.

    poll:
      source: post.comments
      with: {connection: brand}
    """

    name = "post.comments"


class OwnPosts(OwnPostsSource):
    """What the account publishes, whether by Antiphon or by hand, on the network of the connection.

    poll:
      source: post.own
      with: {connection: brand}
      every: 15m
    """

    name = "post.own"


class Search(SearchSource):
    """What the search of the connection's network finds.

    poll:
      source: post.search
      with: {connection: brand, q: "torréa espresso"}
      every: 15m
    """

    name = "post.search"


class MetricsOptions(Options):
    """Of which posts."""

    connection: str = Field(description="The connection that published them.")
    posts: tuple[Target, ...] = Field(description="The posts: their ids, or the events that brought them.")


class PostMetrics(Computation):
    """Asks the network of the connection what became of some posts: likes, shares, replies, views.

    use: post.metrics
    with: {connection: brand, posts: ["109372843234"]}

    The result has the numbers by the id of the post; what a network does not count is null, and a post that is gone is
    not there.
    """

    name = "post.metrics"
    ability = Ability.METRICS
    Options = MetricsOptions

    def compute(self, options: MetricsOptions, ctx: ReadContext) -> Mapping[str, Any]:  # noqa: D102
        reader = ctx.connections.reader(options.connection, Identifies)
        ids = [reader.identify(post) for post in options.posts]
        found = ctx.connections.reader(options.connection, ReadsMetrics).metrics(ids)
        return {remote_id: metrics.model_dump(mode="json", exclude={"raw"}) for remote_id, metrics in found.items()}


POSTS = (PublishPost, PublishThread, ReplyToPost, EditPost, DeletePost, SendMessage, SetProfile, PostMetrics)
LISTENING = (Mentions, Comments, OwnPosts, Search)
