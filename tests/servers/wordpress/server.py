"""WordPress with a database of its own, an account that may do everything, and one that may only read."""

from __future__ import annotations

import os
import pwd
import secrets
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from tests.servers.mariadb import database
from tests.servers.process import free_port, installed, is_listening, running

HERE = Path(__file__).parent
PHP = ("php", "-d", "sendmail_path=/bin/true", "-d", "display_errors=0")


@dataclass(frozen=True, slots=True)
class WordPress:
    """Where the site is, and the passwords of its accounts `editor` and `reader`."""

    url: str
    passwords: Mapping[str, str]
    folder: Path

    def empty(self) -> None:
        """Take everything away that was written on the site; numbers are not given again."""
        self.run(
            "global $wpdb; foreach (['posts', 'postmeta', 'comments', 'commentmeta', 'term_relationships'] as $t) "
            "$wpdb->query('DELETE FROM ' . $wpdb->prefix . $t); wp_cache_flush();"
        )

    def renewed(self) -> WordPress:
        """The same site with a new password for `editor`, which works beside those that there are."""
        made = self.run("echo WP_Application_Passwords::create_new_application_password(1, ['name' => uniqid()])[0];")
        return replace(self, passwords={**self.passwords, "editor": made})

    def run(self, code: str) -> str:
        """What a piece of PHP prints, run within the site."""
        script = f"$_SERVER += ['HTTP_HOST' => '127.0.0.1']; require '{self.folder}/site/wp-load.php'; {code}"
        done = subprocess.run([*PHP, "-r", script], capture_output=True, text=True, check=True, cwd=self.folder)
        return done.stdout


@contextmanager
def started() -> Iterator[WordPress]:
    """WordPress on free ports; skips the test when it is not installed."""
    installed("wordpress")
    folder = Path(tempfile.mkdtemp(prefix="antiphon-wordpress-"))
    folder.chmod(0o755)
    # Not as root, nor does the database.
    web_user = None if os.getuid() else _first("www-data", "nobody")
    with ExitStack() as stack:
        stack.callback(shutil.rmtree, folder, ignore_errors=True)
        web = free_port()
        site = _site(folder, stack.enter_context(database(folder, "wordpress")), f"http://127.0.0.1:{web}", web_user)
        seeded = subprocess.run(
            [*PHP, HERE / "seed.php", site, f"http://127.0.0.1:{web}"],
            capture_output=True,
            text=True,
            check=True,
            user=web_user,
            cwd=folder,
        )
        command: list[str | Path] = [*PHP, "-S", f"127.0.0.1:{web}", "-t", site, HERE / "router.php"]
        stack.enter_context(
            running(
                command,
                folder / "web.log",
                lambda: is_listening(web),
                cwd=folder,
                env={"PHP_CLI_SERVER_WORKERS": "2"},
                user=web_user,
            )
        )
        passwords = dict(line.split(" ", 1) for line in seeded.stdout.splitlines())
        yield WordPress(f"http://127.0.0.1:{web}", passwords, folder)


def _site(folder: Path, port: int, url: str, user: str | None) -> Path:
    site = folder / "site"
    shutil.copytree("/usr/share/wordpress", site, symlinks=False, ignore_dangling_symlinks=True)
    keys = "".join(
        f"define('{name}_{kind}', '{secrets.token_hex(16)}');\n"
        for name in ("AUTH", "SECURE_AUTH", "LOGGED_IN", "NONCE")
        for kind in ("KEY", "SALT")
    )
    (site / "wp-config.php").unlink(missing_ok=True)
    (site / "wp-config.php").write_text(_CONFIG.format(database=port, url=url, keys=keys))
    uploads = site / "wp-content" / "uploads"
    uploads.mkdir(exist_ok=True)
    if user:
        shutil.chown(uploads, user)
    return site


def _first(*names: str) -> str:
    known = {entry.pw_name for entry in pwd.getpwall()}
    return next(name for name in names if name in known)


_CONFIG = """<?php
define('DB_NAME', 'wordpress');
define('DB_USER', 'root');
define('DB_PASSWORD', '');
define('DB_HOST', '127.0.0.1:{database}');
define('DB_CHARSET', 'utf8mb4');
define('DB_COLLATE', '');
{keys}
$table_prefix = 'wp_';
define('WP_HOME', '{url}');
define('WP_SITEURL', '{url}');
// Passwords for programs are offered over https, and on a machine that says it is a developer's.
define('WP_ENVIRONMENT_TYPE', 'local');
define('WP_HTTP_BLOCK_EXTERNAL', true);
define('AUTOMATIC_UPDATER_DISABLED', true);
define('DISABLE_WP_CRON', true);
if (!defined('ABSPATH')) define('ABSPATH', __DIR__ . '/');
require_once ABSPATH . 'wp-settings.php';
"""
