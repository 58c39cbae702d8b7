# The closed lists of the domain, by code, and the sentences that refuse something.
kind-suggestion = Suggestion
kind-inquiry = Question about rules
kind-report = Report of wrongdoing
kind-rights = Protection of rights
kind-hint-suggestion = something should be improved
kind-hint-inquiry = what a law or rule says
kind-hint-report = an official or agency did wrong
kind-hint-rights = your own rights are affected

status-unconfirmed = Unconfirmed
status-received = Received
status-registered = Registered
status-assigned = Assigned
status-in-progress = In progress
status-in-review = In review
status-approved = Approved
status-replied = Replied
status-closed = Closed
status-reopened = Reopened
status-plain-received = We have it and will register it and pass it to the unit in charge.
status-plain-registered = It is registered and on its way to the unit in charge.
status-plain-assigned = The unit in charge has it and will name an officer.
status-plain-in-progress = An officer is working on it.
status-plain-in-review = The reply is written and being reviewed.
status-plain-approved = The reply has been approved and stands below. It will be posted to you, or told you by telephone or in an interview.
status-plain-replied = You have our reply; it stands below.
status-plain-closed = This petition is closed.
status-plain-reopened = We are looking at it again and will reply once more.
status-step-received = Received
status-step-assigned = Assigned
status-step-handled = Handled
status-step-replied = Replied

channel-web = Web form
channel-email = E-mail
channel-phone = Telephone
channel-visit = Visit
channel-letter = Letter
channel-fax = Fax
channel-social = Social media
channel-join = Join platform
channel-referred = Referred by an agency
channel-media = News media

close-answered = Handled and answered
close-adopted = Adopted or under study
close-explained = Explained, not adopted
close-other-remedy = Told of another remedy
close-transferred = Transferred to the agency in charge
close-no-content = No action: no concrete content
close-no-real-name = No action: no real name or contact
close-same-matter = No action: same matter already answered
close-not-competent-sent = No action: not competent, already sent to those who are
close-withdrawn = Withdrawn by the petitioner

due-finished = finished
due-none = not counted yet
due-later = { $days ->
    [0] due today
    [one] one working day left
   *[other] { $days } working days left
}
due-soon = { $days ->
    [0] due today
    [one] one working day left
   *[other] { $days } working days left
}
due-today = due today
due-overdue = { $days ->
    [0] overdue since today
    [one] one working day overdue
   *[other] { $days } working days overdue
}

question-result = Result
question-clarity = Clear and easy to understand
question-speed = Speed
question-attitude = Attitude
question-overall = Overall
level-5 = Very satisfied
level-4 = Satisfied
level-3 = Fair
level-2 = Dissatisfied
level-1 = Very dissatisfied


petition-name = Give your real name, up to 60 characters.
petition-email = Give a correct e-mail address, such as name@example.org.
petition-email-for-reply = For a reply by e-mail, give an e-mail address.
petition-phone = Give a telephone number: digits, +, -, # and extension, such as 0900-000-123.
petition-address = An address has at most 200 characters.
petition-address-for-reply = For a reply on paper, give a postal address.
petition-phone-for-reply = For a reply by telephone or interview, give a telephone number.
petition-reply-on-file = The petitioner can be reached; choose another way of reply.
petition-subject = Give a subject of 2 to 200 characters.
petition-body = Write what it is about, up to 20,000 characters; attach the rest.
petition-place = A place has at most 200 characters.
petition-kind = Choose what kind of petition it is.
petition-category = Choose a subject area from the list, or "Not sure".
petition-reply-by = Choose how you would like the reply.
petition-consent = Read the privacy notice and tick that you agree.
attachment-too-many = At most { $max } files. Please attach fewer.
attachment-too-large = "{ $name }" is over { $mb } MB. Please attach a smaller file.
attachment-type = "{ $name }" is of a format we cannot accept. Formats: { $types }.
attachment-type-lies = The content of "{ $name }" does not match its extension. Save it in the right format and attach it again.
attachment-empty = "{ $name }" is empty. Please choose it again.
rating-choose = Choose a level.
rating-comment-long = A comment has at most 2,000 characters.
field-invalid = This is not valid. Please fill it in again.
field-missing = This must be filled in.
status-not-found = The case number or the query code is not right. Compare it with your receipt and try again.
notice-mail-resent = The confirmation mail has been sent again.
notice-address-corrected = The address is corrected and the mail is on its way there.

refused-verb-in-state = The case is now "{ $state ->
    [received] received
    [registered] registered
    [assigned] assigned
    [in_progress] in progress
    [awaiting_petitioner] waiting for the petitioner
    [consulting] consulting
    [in_review] in review
    [approved] approved
    [replied] replied
    [closed] closed
   *[reopened] reopened
}", so you cannot { $verb ->
    [register] register it
    [classify] change its classification
    [assign] assign it
    [take] take it
    [draft] write a reply
    [ask_supplement] ask the petitioner
    [supplement_given] enter a supplement
    [supplement_missing] end it for want of a supplement
    [wait] log a wait
    [end_wait] end a wait
    [consult] consult a unit
    [answer_consultation] answer for a unit
    [withdraw_consultation] withdraw a question
    [ask_extension] ask for an extension
    [decline_extension] decide on an extension
    [submit_reply] submit a reply
    [return_reply] return a reply
    [approve_by_email] approve a reply
    [approve_by_letter] approve a reply
    [approve_by_phone] approve a reply
    [approve_on_file] approve a reply
    [mark_posted] mark it posted
    [record_told] record that it was told
    [extend] extend it
    [transfer] transfer it
    [no_action] end it without action
    [withdraw] withdraw it
    [rate] rate it
    [reopen] reopen it
    [keep_closed] keep it closed
    [close] close it
   *[note] add a note
}.
refused-registrar-only = Only the registry desk can do this.
refused-assign = Only the registry desk, a control officer or the unit's supervisor can assign.
refused-take = Only a handler of the lead unit can take it, and only while nobody else has it.
refused-note = Only those who deal with the case can add notes.
refused-not-your-case = Only the handler of this case can do this.
refused-own-reply = You cannot approve your own reply. Another supervisor has to.
refused-supervisor-only = Only a supervisor of the lead unit can do this.
refused-ending = Only the registry desk or the unit's supervisor can end it like this.
refused-reopen = Only a control officer or the unit's supervisor can decide about reopening.
refused-petitioner-only = Only the petitioner can rate.
refused-job-only = The program does this by itself when the time comes.
refused-idempotency = The same form was sent earlier with other contents, so it was not received again.
limit-working-days = { $days } working days: the first working day after receipt is day 1; days off are not counted. A reply before the end of the last day is on time.
limit-calendar-days = { $days } days: the day after receipt is day 1; a last day that is off moves to the next working day.
limit-working-minutes = { $minutes } minutes of office hours.
limit-fixed-date = A given date.
count-start = day the clock starts, not counted
count-counted = working day
count-weekend = weekend, not counted
count-holiday = day off, not counted
count-make-up = make-up working day, counted
count-closure = offices closed, not counted
count-paused = waiting, not counted
count-extended = counted within the extension
count-moved-on = moved from a day off to this working day
count-moved-to-noon = moved from Saturday to Monday noon
count-given = the given date
count-skipped = the time zone skipped this date
count-note = { " " }({ $note })
count-minutes = { " " }({ $minutes } minutes)
field-choose = Choose from the list.
field-reason = Give the reason.
field-agency = Name the agency, up to 100 characters.
field-in-future = This cannot be later than now.
extend-until = The new date must be a working day after the present date.
extend-too-far = All extensions together may add at most { $days } working days.
posted-before-approval = It cannot have been posted before it was approved.
told-before-approval = The day it was told cannot be before the approval.
told-record = Write down in short how it went, at most 2,000 characters.
reply-empty = The reply is too short. Say what was done and why.
reply-long = A reply has at most 20,000 characters.
reply-basis-long = A legal basis has at most 1,000 characters.
refused-identity = You may not see who the petitioner is.
refused-assign-beyond = You can assign only within your own unit and those below it.
refused-assign-respondent = This unit is the one complained of. Only a control officer can assign the case to it.
refused-already-decided = A colleague has already decided about this submission.
refused-no-reply = This case has no draft reply yet.
refused-reply-by-phone = This reply is given by telephone or interview: record how it was told instead of marking it posted.
refused-reply-by-letter = This reply goes out as a letter; it is not told by telephone or interview.
refused-extend-late = The due date has passed, so it cannot be extended.
refused-extend-often = It cannot be extended again: { $times } times at most.
refused-no-review = No low rating of this case waits.
refused-own-review = You handled or approved this reply, so somebody else has to decide.
refused-not-empty = The database holds cases already; synthetic ones go into an empty one only.
refused-already-confirmed = This petition is confirmed already; no further mail is needed.
refused-link-expired = This link has expired.
refused-too-many-mails = The mail has been sent too often. Please write the petition again.
refused-mail-just-sent = The mail was sent a moment ago. Please wait a few minutes.
refused-submission-dismissed = Our staff have put this submission aside; it can no longer be confirmed.
refused-too-many-tries = Too many attempts. Try again in 15 minutes.
field-handler-unit = This person is not a handler of the lead unit or one above it. Choose another.
note-length = A note has 1 to 5,000 characters.
refused-bad-request = The form was incomplete or malformed. Reload it and send again.
refused-too-large = What was sent is too large. Attach fewer or smaller files.
refused-csrf = This page was open too long, so for safety nothing was done. Reload it and send again.
refused-role = This page is beyond your rights. If you need it, ask your administrator.
refused-signed-out = You are not signed in, or no longer. Please sign in again.
refused-change-password = Please change your password before anything else.
error-refused = This cannot be done now.
error-not-found = There is no such thing here.
error-conflict = A colleague has just changed this case, so your act was not done. Look at the case, then send again.
error-invalid = Some things need correcting.
error-unavailable = Nothing can be stored just now. Try again in a few minutes.
error-internal = Something went wrong here; this step may not have been completed. Try again in a few minutes.
