"""When and where things run: the only room that speaks Prefect.

A module that imports Prefect costs seconds, and Prefect reads its settings on the way in. So `environment`, `server`,
`session` and `up` can be imported by anyone, and import the rest once the environment stands.
"""
