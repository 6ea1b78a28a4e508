"""E-mail: sent by submission (SMTP), read over IMAP."""
