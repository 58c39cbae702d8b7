# How an incoming message was read and decided.
mail-explain-colon = { ": " }
mail-explain-from = From
mail-explain-reply-to = Answers go to
mail-explain-to = To
mail-explain-cc = Cc
mail-explain-subject = Subject
mail-explain-date = Date (UTC)
mail-explain-attachment = Attachment
mail-explain-automatic = Automatic mail
mail-explain-report = Delivery report
mail-explain-decision = Decision
mail-decision-new-submission = A new submission; its sender gets the confirmation mail
mail-decision-append = Joins its case
mail-decision-noted = Noted on the letter it is about
mail-decision-pen = Waits for a person in the holding pen
mail-decision-spam = Waits with the spam
mail-decision-ignored = Ignored
mail-automatic-auto-replied = An automatic answer
mail-automatic-auto-generated = Written by a program
mail-automatic-out-of-office = An absence notice
mail-automatic-list = A mailing list
mail-automatic-delivery-report = A report on delivery
mail-automatic-read-receipt = A receipt for reading
mail-automatic-calendar = An invitation or the answer to one
mail-automatic-loop = A letter of our own
mail-automatic-bulk = Mass mail
mail-report-failed = Not delivered
mail-report-delayed = Delayed; the server goes on trying
mail-report-delivered = Delivered
mail-report-relayed = Handed to the next server
mail-report-expanded = Delivered to a group
mail-reason-own-letter = One of our own letters came back.
mail-reason-from-us = The sender is one of our own addresses.
mail-reason-delivery-failed = The letter cannot be delivered, now or later.
mail-reason-delivery-failed-for-now = The mail server gave the letter up for a reason that may pass; it may be sent again.
mail-reason-delivery-delayed = The letter is late; the server goes on trying.
mail-reason-delivery-done = The letter arrived or was handed on.
mail-reason-letter-known = It is about a letter of ours.
mail-reason-backscatter = It is about no letter of ours: somebody used our address as the sender.
mail-reason-report-not-proven = The report carries no signature of ours, and whom it names is not whom the letter went to: the letter was not marked as failed. Please look at it.
mail-reason-letter-not-named = It does not say which letter it is about.
mail-reason-letter-not-looked-up = No database was asked, so it is not known whether the letter is ours.
mail-reason-automatic = Automatic mail is neither answered nor made a case.
mail-reason-automatic-unrelated = It answers no letter of ours.
mail-reason-may-be-personal = A person may have written it, so somebody looks.
mail-reason-not-to-us = It is not addressed to us.
mail-reason-spam = A trusted mail server calls it spam.
mail-reason-no-sender = There is no sender.
mail-reason-several-senders = There are several senders.
mail-reason-signed-reply = It was sent to a reply address whose signature holds.
mail-reason-signature-wrong = The signature of the reply address does not hold.
mail-reason-signature-not-verified = The signature of the reply address was not verified: there are no keys here.
mail-reason-answers-letter = It answers a letter of ours.
mail-reason-answer-not-looked-up = No database was asked, so it is not known whether it answers a letter of ours.
mail-reason-sender-fits = The sender is a person of the case.
mail-reason-sender-does-not-fit = The sender is nobody of the case.
mail-reason-number-in-subject = A case number stands in the subject, which proves nothing about the sender.
mail-reason-empty = It has neither text nor attachment.
mail-reason-encrypted = It is encrypted, and nobody here can open it. Please ask the sender to write without encryption.
mail-reason-sender-authenticated = A trusted mail server vouches for the sender.
mail-reason-sender-forged = A trusted mail server says that the sender is forged.
mail-reason-sender-not-authenticated = Nobody vouches for the sender, who is therefore not written to.
mail-reason-no-trusted-relay = No trusted mail server says anything about the sender, who is therefore not written to.
mail-reason-everybody-may = Everybody may petition by mail here.
mail-reason-nobody-may = All mail waits for a person here.
mail-sign-auto-submitted = A header says it was sent automatically.
mail-sign-auto-reply-header = A header says it is an automatic answer.
mail-sign-subject-form = The subject begins as automatic answers do.
mail-sign-null-return-path = The return path is null: no answer is wanted.
mail-sign-report = It has the form of a mail server’s report.
mail-sign-bounce-text = Its words are those of a server that could not deliver.
mail-sign-list-header = Headers of a mailing list or newsletter.
mail-sign-precedence = A header says it was sent to many.
mail-sign-calendar-part = It carries an invitation.
mail-sign-system-sender = A mail server is the sender.
mail-sign-suppress-alone = A header asks for no automatic answer, as ordinary mail programs do: it decides nothing.
mail-sign-own-mark = It carries the mark of our own letters.
mail-note-cut = The message is too large; only its beginning was read.
mail-note-parts-cut = It has too many parts, or parts too deep within others; not all were read.
mail-note-header-cut = Its header is too long; not all of it was read.
mail-note-header-broken = Lines that are no fields stand in its header.
mail-note-parts-broken = The boundaries of its parts are wrong; what could be read was.
mail-note-text-cut = Its text is too long; only its beginning was read.
mail-note-signed = It is signed; the signature was not verified.
mail-note-encrypted = It, or a part of it, is encrypted and cannot be read here; the file stays as it came.
mail-note-files-cut = Its attachments are too many or too large; not all were read.
job-fetch = Fetching mail
job-fetch-overdue = Reminder of a mailbox that is not read
job-result-fetch = { $number ->
    [one] 1 message fetched
   *[other] { $number } messages fetched
}{ $elsewhere ->
    [0] {""}
    [one] , 1 mailbox is attended to by the running server
   *[other] , { $elsewhere } mailboxes are attended to by the running server
}
job-result-fetch-overdue = { $number ->
    [one] 1 person told
   *[other] { $number } people told
}
letter-kind-fetch-overdue = Mailbox not read
mail-trial-subject = Chenqing: a letter to itself
mail-trial-text = The program sent this letter to itself (chenqing check --send), to see whether mail to this address arrives. Nothing is to be done with it.
