# The page of deadline policies: documents, their words, the form, the preview.
policies-title = Deadline policies
policies-lead = Which limits cases have, when they begin, who is reminded when, how far a case may be extended, and which waiting stops the clock. Each document holds for cases received on or after its day.
policies-new = Change the policies
policies-new-text = Edit as text
policies-documents = Documents
policies-column-from = In force from
policies-column-note = Note
policies-column-by = Written by
policies-column-stored = Stored
policies-by-files = Agency files
policies-document-from = In force from
policies-source = The document's text
policies-back = Back to the policies
policy-state-in-force = In force
policy-state-later = Not yet in force
policy-state-past = Followed by a later one
policy-state-replaced = Replaced by one of the same day
job-policies = Measure anew by new policies
job-result-policies = { $number } measured anew
event-policy-changed = Deadline policy changed
policy-changed-dates = last day { $old } became { $new }
policy-begun-date = last day { $new }
notice-policy-stored = The document is stored. The open cases it touches are being measured anew.

policy-clock-registration = Registration
policy-clock-assignment = Assignment
policy-clock-acceptance = Acceptance
policy-clock-co-handling = Co-handling
policy-clock-reply = Reply
policy-clock-ceiling = Overall limit
policy-clock-supplement = Petitioner's supplement
policy-clock-what-registration = From receipt to registration
policy-clock-what-assignment = From registration to assignment
policy-clock-what-acceptance = From assignment to a unit until a handler has it
policy-clock-what-co-handling = For a unit that is asked for its part
policy-clock-what-reply = Left empty, the speed class decides
policy-clock-what-ceiling = The longest a petition may take
policy-clock-what-supplement = What the petitioner has to supplement
policy-to-handler = the handler
policy-to-supervisor = the unit's supervisors
policy-to-registrar = the registry desk
policy-to-control-officer = the control officers
policy-to-head = management
policy-start-received = Handing in, or receipt
policy-start-confirmed = The petitioner's confirmation (elsewhere the receipt)
policy-start-registered = Registration
policy-start-assigned = Assignment to a unit
policy-basis-working = All in working days
policy-basis-calendar = All in calendar days
policy-basis-as-written = As each limit is written
policy-unit = Unit
policy-unit-working-days = working days
policy-unit-days = calendar days
policy-unit-office-hours = office hours
policy-unit-office-minutes = office minutes
policy-limit-working-days = { $n ->
    [1] 1 working day
   *[other] { $n } working days
}
policy-limit-days = { $n ->
    [1] 1 day
   *[other] { $n } days
}
policy-limit-office-hours = { $n ->
    [1] 1 office hour
   *[other] { $n } office hours
}
policy-limit-office-minutes = { $n ->
    [1] 1 office minute
   *[other] { $n } office minutes
}
policy-when-before = { $n ->
    [1] 1 working day before the last day
   *[other] { $n } working days before the last day
}
policy-when-used = when { $n } % of the time is used
policy-when-on-day = on the last day
policy-when-after = { $n ->
    [1] 1 working day after the last day
   *[other] { $n } working days after the last day
}
policy-when-choice-before = Working days before the last day
policy-when-choice-used = Percent of the time used
policy-when-choice-on-day = On the last day
policy-when-choice-after = Working days after the last day
policy-warning-digest = { $clocks }: { $when }, to { $to } (in the morning's digest)
policy-warning-urgent = { $clocks }: { $when }, to { $to } at once
policy-extension = { $times ->
    [1] Once at most
   *[other] { $times } times at most
}, { $days } working days in all
policy-extension-none = No extension
policy-rung = Up to { $days } working days granted by: { $rank }
policy-for-all = Every case
policy-match-category = Subject areas: { $names }
policy-match-kind = Kinds: { $names }
policy-match-channel = Channels: { $names }
policy-match-speed-class = Speed classes: { $names }
policy-pause-stops = { $name }: the clock stops
policy-pause-runs = { $name }: the clock runs on
policy-tell-yes = When a changed calendar moves the last day on, the petitioner is told once
policy-tell-no = When a changed calendar moves the last day on, the petitioner is not told
policy-none = None
policy-line-match = For
policy-line-start = The reply's clock begins with
policy-line-basis = Days are counted
policy-line-limit = Limit: { $clock }
policy-line-extension = Extensions
policy-line-pauses = Reasons to wait
policy-line-warnings = Reminders
policy-line-tell = Telling of later days

policy-form-title = Change the policies
policy-form-lead = The form starts from the document in force. You see what it changes before it is stored as a new document.
policy-form-special = { $count ->
    [one] One special policy is not on this form and stays as it is; edit the text to change it.
   *[other] { $count } special policies are not on this form and stay as they are; edit the text to change them.
}
policy-part-when = In force
policy-from = In force from
policy-from-hint = For cases received on or after this day. It may be stored in advance and takes effect by itself.
policy-note = Why
policy-note-hint = One line, kept with your name and the time.
policy-note-wrong = Say why in one line (200 characters at most).
policy-part-limits = Limits
policy-limits-hint = Leave empty what you do not need.
policy-column-clock = Clock
policy-column-limit = Limit
policy-start-hint = Touches only cases whose clock has not begun; those that run keep their start.
policy-basis-hint = Whether the limits of reply and whole case, where they are in days, are all read in the same kind of days.
policy-tell-label = Tell the petitioner once when a changed calendar moves the last day on
policy-times = How many times
policy-times-hint = 0: no extension.
policy-days = Working days in all
policy-days-hint = From the original last day.
policy-ladder-hint = Up to how many working days in all each rank may grant; leave empty who may grant none.
policy-ladder = Working days granted by: { $rank }
policy-pauses-hint = The one with the code supplement must stay. To remove one, empty its three fields.
policy-pause-row = Reason { $n }
policy-pause-code = Code (lower case)
policy-pause-zh = Name in Chinese
policy-pause-en = Name in English
policy-pause-stops-label = The clock stops meanwhile
policy-warnings-hint = To remove one, set its moment to "no reminder".
policy-warning-row = Reminder { $n }
policy-warning-when = When
policy-warning-none = No reminder
policy-warning-n = Days or percent
policy-warning-clocks = Clocks
policy-warning-to = To
policy-warning-urgent-label = Send at once, not in the morning's digest
policy-field-number = Give a number.
policy-field-pause = Give a code (lower case letters, digits, underscores) and both names.
policy-field-warning-whom = Tick the clocks and who is told.
policy-field-warning-when = Give days (1 to 366) or a percentage (1 to 99).

policy-text-title = Edit the policies as text
policy-text-lead = The whole document, with special policies for some cases. You see what it changes before it is stored as a new document.
policy-text-source = Policies (TOML)
policy-text-source-hint = The day it is in force from stands in "from", for example 2026-10-01.
policy-text-codes = Codes you may use
policy-text-unknown-key = There is no key "{ $key }" here.
policy-text-missing-key = "{ $key }" is missing.
policy-text-unknown-word = "{ $word }" is no value for this.
policy-text-limit = "{ $text }" is not a limit. Write "3 working days", "30 days", "4 office hours" or "90 office minutes".
policy-text-when = "{ $text }" is no moment of a reminder. Write "2 working days before", "50 % used", "on the last day" or "3 working days after".
policy-text-unreadable = This cannot be read ({ $why }).
policy-at-line = Line { $line }: { $what }
policy-in = Policy "{ $policy }": { $what }

policy-preview-what = Nothing is stored yet: you see what changes and which cases it touches.
policy-preview-button = Preview the effect
policy-preview-title = Preview
policy-preview-from = For cases received on or after
policy-preview-later = ; it takes effect by itself on that day.
policy-preview-now = ; it holds as soon as it is stored.
policy-preview-replaces = It replaces the document that is in force from the same day.
policy-preview-differences = What changes
policy-preview-same = It says the same as the document it follows.
policy-column-policy = Policy
policy-column-what = Item
policy-column-old = Now
policy-column-new = New
policy-not-said = Not said
policy-preview-touched = Cases it touches
policy-preview-counts = { $open ->
    [one] One open case was
   *[other] { $open } open cases were
} received on or after that day; the limits of { $cases } change.
policy-preview-moves = The reply is due earlier in { $earlier }, later in { $later }.
policy-preview-earlier = Petitioners are not told of an earlier day; the case's history records it.
policy-column-old-day = Last day now
policy-column-new-day = New last day
policy-not-begun = Not begun
policy-preview-more = { $more } more are not listed.
policy-store-button = Store the policies
policy-edit-button = Go on editing

policy-fault-from = The day it is in force from must be like 2026-10-01.
policy-fault-policy-twice = The code { $policy } stands twice.
policy-fault-code = The code "{ $code }" must be lower case letters, digits and underscores.
policy-fault-nameless = "{ $code }" lacks its Chinese or English name.
policy-fault-category = There is no subject area "{ $code }".
policy-fault-speed-class = There is no speed class "{ $code }".
policy-fault-fixed-date = A limit ({ $clock }) must be a length of time, not a date.
policy-fault-over-ceiling = The limit ({ $clock }: { $limit }) is over the ceiling of { $days } days.
policy-fault-ladder = The days granted must rise from rank to rank.
policy-fault-ladder-short = Nobody may grant as much as { $days } working days.
policy-fault-rank = { $rank } cannot grant extensions; supervisor, control_officer and manager can.
policy-fault-pause-twice = The reason to wait "{ $code }" stands twice.
policy-fault-warning-nobody = The reminder "{ $when }" must name clocks and recipients.
policy-fault-warning-twice = The reminder "{ $when }" of one clock ({ $clock }) stands twice.
policy-fault-no-general = One policy must be for every case (without [policy.match]).
policy-fault-no-extension = The policy for every case must say how far cases may be extended ([policy.extension]).
policy-fault-no-supplement = The policy for every case must have a reason to wait with the code { $code } ([[policy.pause]]).
