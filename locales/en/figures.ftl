# The figures of a year: what they are called, what they mean, and the files they are written to.
year-period = Period
year-as-of = Records read
year-sentence-end = {". "}
year-running = The year is not over: all figures are as of that moment.
year-locked = Reported and locked on
year-reclassified = Where a row does not begin with what was reported as its end, cases were given another category or unit since:
year-moved = { $label }: { $in } in, { $out } out.
report-definitions = What the figures mean
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
csv-year = Year
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
ratings-number = Ratings
ratings-response-rate = Response rate
figure-received-new = New
figure-reopened = Reopened
figure-closed-on-time-extended = Closed within the extended limit
figure-closed-late = Closed late
figure-pending-within = Pending in time
figure-pending-within-extended = Pending within the extended limit
figure-pending-over = Pending late
figure-mean-days = Mean days
figure-median-days = Median days
figure-days = Bands of days
figure-extended = Extended
figure-replied = Replied
figure-transferred = Transferred
figure-no-action = No action
figure-withdrawn = Withdrawn
figure-reclassified-in = Reclassified in
figure-reclassified-out = Reclassified out
figure-ratings = Ratings
figure-response-rate = Response rate
figure-as-of = Records read
figure-means-open-at-start = Cases not finished when the period began. Category and unit of every row are those at the period's end.
figure-means-received = Cases confirmed, or entered by staff, in the period, and cases reopened. What was never confirmed does not count.
figure-means-received-new = Of the received, cases that came for the first time.
figure-means-reopened = Of the received, cases opened again after a reply. The earlier ending stays in its own period.
figure-means-closed = Cases whose final reply was approved in the period, or that were transferred, ended without action or withdrawn.
figure-means-closed-on-time = Of the closed, those that met their original date.
figure-means-closed-on-time-extended = Of the closed, those that met their date with extensions; those that met the original one are among them.
figure-means-closed-late = Of the closed, those past their original date, extended or not.
figure-means-open-at-end = Cases not finished when the period ended, or now: open at start plus received minus closed.
figure-means-pending-within = Of the open at the end, those not past their original date.
figure-means-pending-within-extended = Of the open at the end, those not past their date with extensions; those not past the original one are among them.
figure-means-pending-over = Of the open at the end, those past their original date.
figure-means-on-time-rate = Closed cases that met their original date, as a share of all closed. Those that met only an extended date do not count.
figure-means-mean-days = Mean of the days used by the closed: working days from the day after receipt to the ending; 0.5 when it ended the same day.
figure-means-median-days = The days used by the closed case in the middle, from fewest to most.
figure-means-days = The closed by days used. Each case is in one band.
figure-means-extended = Of the closed, those that had been extended.
figure-means-replied = Of the closed, those that a reply was approved for.
figure-means-transferred = Of the closed, those transferred to another agency.
figure-means-no-action = Of the closed, those left unprocessed, by ground of article 173 of the Administrative Procedure Act.
figure-means-withdrawn = Of the closed, those the petitioner took back.
figure-means-reclassified-in = Cases open at the last locked end under another row that begin this year in this one, less those that went the other way.
figure-means-reclassified-out = Cases open at the last locked end under this row that begin this year in another one, less those that went the other way.
figure-means-ratings = Ratings given in the period, by question and level; 5 is very satisfied, 1 very dissatisfied.
figure-means-response-rate = Ratings given in the period ÷ cases replied to in the period.
figure-means-satisfaction = Mean of the overall question, out of 5.
figure-means-as-of = When the records were read. While the year runs, everything is as of that moment.
