# The figures of a year: what they are called, what they mean, and the files they are written to.
year-period = Period
year-as-of = Records as of
year-sentence-end = {". "}
year-running = The period is not over: all figures are as of that moment.{ " " }
year-locked = Reported and locked on
year-reclassified = Where a row does not begin with what was reported as its end, cases were given another category or unit since:
year-moved = { $label }: { $in } in, { $out } out.
page-contents = On this page
page-contents-files = Files and printing
report-definitions = What the figures mean
report-formula = ({ $formula })
row-unclassified = Not classified
row-unassigned = Not assigned
chart-year-title = { $peak ->
    [1] January
    [2] February
    [3] March
    [4] April
    [5] May
    [6] June
    [7] July
    [8] August
    [9] September
    [10] October
    [11] November
   *[12] December
} brought the most petitions: { $number }
chart-year-tie = The busiest months brought { $number ->
    [one] one petition
   *[other] { $number } petitions
} each ({ $months } months)
chart-year-empty = No petition came in
figure-change = { $change } on the year before
figure-change-so-far = { $change } on the same days of the year before
change-percent = { $number }%
change-cases = { $number } cases
change-points = { $number } points
change-days = { $number } days
change-score = { $number }
csv-section = Section
csv-code = Code
csv-name = Name
list-endings = How cases ended
list-row-endings = Ending
list-days = Days used
list-row-days = Days
list-more = Further figures
list-row-more = Figure
list-number = Cases
list-share = Share
days-up-to-3 = 3 days or less
days-up-to-6 = more than 3, up to 6 days
days-up-to-15 = more than 6, up to 15 days
days-up-to-30 = more than 15, up to 30 days
days-over-30 = more than 30 days
ratings-number = Ratings given
figure-received-new = New
figure-reopened = Reopened
figure-closed-on-time-extended = Closed within the extended limit
figure-closed-late = Closed late
figure-pending-within = Pending in time
figure-pending-within-extended = Pending within the extended limit
figure-pending-overdue = Pending late
figure-mean-days = Mean days
figure-median-days = Median days
figure-extended = Extended
figure-replied = Replied
figure-transferred = Transferred
figure-withdrawn = Withdrawn
figure-response-rate = Response rate
figure-p90-days = Days, 90th percentile
figure-mean-hours = Mean hours
figure-median-hours = Median hours
figure-p90-hours = Hours, 90th percentile
stage-registered = Registered
stage-assigned = Assigned
stage-accepted = Accepted by a person
stage-replied = Replied
stages-title = Hours from receipt to each stage
stages-row = Stage
series-title = Five years
quarter-title = Petitions in quarter { $quarter } of { $year }
month-title = Petitions in { $month } { $year }
year-satisfied = Satisfied (95 % confidence)
row-open = Not ended
row-own = { $unit } itself
row-extension-extended = Extended
row-extension-not-extended = Not extended
row-reassignment-0 = Never reassigned
row-reassignment-1 = Once
row-reassignment-2 = Twice
row-reassignment-3-or-more = More than twice
table-speed-class = By speed class
table-close-code = By ending
table-extension = Extensions
table-reassignment = Reassignments between units
table-unit-tree = Every unit
table-category-tree = Subject areas in their groups
table-channel-month = By channel and month
table-row-speed-class = Speed class
table-row-close-code = Ending
table-row-extension = Limit
table-row-reassignment = How often
table-row-channel-month = Channel and month
table-row-unit-tree = Unit
table-row-category-tree = Subject area
csv-period = Period
csv-month = Month
csv-level = Level
csv-parent = Summed in
# The report as a document of spreadsheets.
book-period = Period: { $from } to { $to }
book-as-of = Records as of { $at }
book-locked = , reported and locked on { $at }
book-running = , the period is not over
book-checksum = Checksum (SHA-256 of the JSON report): { $checksum }
book-contents = Contents
book-continued = {" "}(continued)
book-charts = Charts
book-page = Page{" "}
book-page-of = {" "}of{" "}
book-page-end = {""}
book-source = Source:{" "}
book-unit = Unit:{" "}
book-readme = Each file is a table in UTF-8; its first line holds the headings.
book-section-summary = Summary
book-section-intake = What came in
book-section-units = Units
book-section-endings = Endings and extensions
book-section-satisfaction = Satisfaction
book-section-definitions = What the figures mean
book-meaning = Meaning
book-formula = Formula
book-note-flow = { $start } cases were open at the start, { $received } came in ({ $reopened } of them reopened), { $closed } were closed, and { $end } were open at the end.
book-note-time = { $rate } of the closed were closed within the original limit, { $late } were late; they took { $mean } days on average, half of them no more than { $median } and nine in ten no more than { $p90 }.
book-note-overdue = Of those still open, the original limit has passed for { $number }.
book-note-ratings = Of { $asked } cases closed in the period and asked for a rating, { $answered } had answered by its end (response rate { $rate }); the overall mean of the { $number } ratings given in the period is { $overall } of 5.
book-locked-checksum = Checksum of the locked figures (SHA-256): { $checksum }
book-damaged = {"; note:"} the figures that are kept do not have the checksum they were locked with; ask the administrator
series-running = { $period } (still running)
series-partial = { $period } (records from { $month })
series-locked = { $period } (locked)
csv-locked-at = Locked at
csv-locked-sha256 = Checksum when locked (SHA-256)
year-locked-sha256 = Checksum when locked (SHA-256):
year-damaged = The figures that are kept do not have the checksum they were locked with: they may have been changed since. Do not quote them, and ask the administrator to compare them with a backup.
year-changes-link = Changes since they were locked
changes-title = Changes to { $year } since it was locked
changes-intro = The locked figures stay as they are. These are the figures that would be counted otherwise now.
changes-counted = Counted again
changes-none = Counted again, the year has exactly the figures that were locked.
changes-table = Table
changes-row = Row
changes-figure = Figure
changes-locked = Locked
changes-now = Now
changes-difference = Difference
changes-back = Back to the figures of { $year }
changes-line = { $table } / { $row } / { $figure }: locked { $locked }, now { $now } ({ $difference })
chart-years-title = What came in, was closed and stayed open in { $number } years
chart-alt = { $name }: { $values }.
chart-unit = cases
chart-records = case records of this service as of { $at }
month-short = { $month ->
    [1] Jan
    [2] Feb
    [3] Mar
    [4] Apr
    [5] May
    [6] Jun
    [7] Jul
    [8] Aug
    [9] Sep
    [10] Oct
    [11] Nov
   *[12] Dec
}
chart-same-title = What came in, was closed and stayed open in the same part of { $number } years
# Top issues and the words of dissatisfied comments.
figure-top-issues = Top issues
issues-title = Categories that received most
issues-notable = Notable
issues-now = Received
issues-before = A year earlier
chart-issues-title = Most petitions were about { $name }: { $number }
book-note-issues = Most petitions were about { $name }: { $number }, { $share } of all received.
book-note-issue-grown = { $name } grew from { $before } in the same period a year earlier to { $number }, which is more than chance explains: the cause is worth a look.
book-note-issues-steady = Compared with the same period a year earlier, no category grew by more than chance explains.
book-note-terms = { $number } cases have an overall rating of 1 or 2 and a comment. Words are told when at least { $fewest } cases use them; names, digits and addresses are left out.
terms-title = Words of dissatisfied comments
terms-row = Term
terms-cases = Cases that use it

overdue-title = Overdue cases
overdue-case = Case
overdue-received = Received
overdue-due = Original due date
overdue-due-extended = Extended due date
overdue-finished = Finished since
book-note-overdue-cases = When the period ended, { $number ->
    [one] one case was open past its original due date.
   *[other] { $number } cases were open past their original due dates, those overdue longest first.
}
book-note-overdue-first = When the period ended, { $number } cases were open past their original due dates; the { $told } overdue longest stand here.
section-left-out = { $number } more rows stand in the files.

book-note-overdue-files = There are many: the list stands in the files for spreadsheets.
handling-title = Handling time compared
handling-span = Compared: { $from } to { $to }
handling-checksum = Checksum (SHA-256): { $checksum }
handling-all = All cases
handling-row = Figure
handling-days = Days used
handling-unit = days
handling-change = Change, first to last whole year
handling-in-days = Mean days used.
handling-in-hours = Mean hours from receipt, each stage over the cases that reached it: what lies between two is about right.
handling-longest = In { $year } the way up to “{ $stage }” took longest, about { $hours } hours, { $share } of the way to the reply.
handling-grown = From { $from } to { $to } the mean days of “{ $name }” grew most, from { $was } to { $is }.
handling-fallen = From { $from } to { $to } the mean days of “{ $name }” fell most, from { $was } to { $is }.
handling-chart = In { $years } years the mean days used went from { $was } to { $is }
handling-none = There are no cases to compare yet.
chart-units-title = Of units that closed { $fewest } or more, { $name } kept the original limit least often: { $rate }
chart-units-plain = How often the units kept the original limit
chart-questions-title = “{ $name }” satisfied fewest: { $rate } of { $ratings } ratings
chart-satisfied = Satisfied
