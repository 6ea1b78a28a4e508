"""Notifications through Apprise: to a chat, a phone, a mailbox."""
