DROP TABLE mailbox_tokens;
