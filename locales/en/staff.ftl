# Accounts of staff, what the desk tells after an act, and why a letter did not leave.
account-username = A user name has 2 to 40 small letters, digits, dots or dashes.
account-username-taken = Somebody has this user name. Choose another.
message-desk = To the desk
field-date = Enter a valid date.
field-date-time = Enter a valid date and time.
notice-password-changed = Your password is changed. You are signed out everywhere else.
notice-submitted = The reply lies before the supervisor.
notice-draft-saved = The draft is saved.
trouble-no-address = The recipient has no e-mail address.
trouble-bad-address = The e-mail address is not valid.
trouble-account-closed = The recipient's account is closed.
trouble-refused = The mail server refused it.
trouble-deferred = The mail server does not take it for the moment; it is tried again.
trouble-unreachable = The mail server cannot be reached.
trouble-broken-off = The connection broke off; the letter may have arrived.
trouble-unreadable = The letter cannot be made. Tell your administrator.
trouble-file-missing = An attachment cannot be read. Tell your administrator.
