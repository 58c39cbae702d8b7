# Control (管考): warnings, digests, deputies, reminders, the weekly list.
desk-absences-link = Leave and deputies
queue-control = Deadline control
control-tabs = Where the limits stand
control-state-overdue = Overdue
control-state-soon = Due soon
control-purpose = Limit
control-clock-registration = Registration
control-clock-assignment = Assignment
control-clock-acceptance = Acceptance
control-clock-co-handling = Co-handling
control-clock-reply = Reply
control-clock-ceiling = Overall limit
control-clock-supplement = Supplement
control-last-day = Last day
control-days-over = Working days over
control-extensions = Extensions
control-extended = extended { $times ->
        [one] once
       *[other] { $times } times
    }
control-asked = Reminder and explanation
control-asked-on = Asked on
control-explained-on = Explained on
control-explanation = Explanation
control-waiting = asked on { $on }, to be explained by { $by }
control-explained = { $who } explained on { $on }
control-empty = No limit fits what was chosen.
control-notice-due-soon = due soon ({ $clock ->
        [registration] registration
        [assignment] assignment
        [acceptance] acceptance
        [co_handling] co-handling
        [ceiling] overall limit
        [supplement] supplement
       *[reply] reply
    }, { $when ->
        [before] working days before the last day: { $days }
        [used] { $days } % of the time used
       *[on_day] on the last day
    })
control-notice-overdue = overdue ({ $clock ->
        [registration] registration
        [assignment] assignment
        [acceptance] acceptance
        [co_handling] co-handling
        [ceiling] overall limit
        [supplement] supplement
       *[reply] reply
    }, working days after the last day: { $days })

weekly-link = Weekly list
weekly-title = Weekly list of overdue cases
weekly-week = The week of { $day }.
weekly-as-of = As of
weekly-count = Overdue limits: { $count }.
weekly-more = Only those that ended first are listed; choose a unit on the page of deadline control to see the rest.
weekly-print = Print
weekly-csv = Download CSV
weekly-back = Back to deadline control
weekly-asked = asked on { $on },
weekly-explained = explained on { $on }:
weekly-not-explained = not explained yet
weekly-not-asked = not asked
weekly-signature = Head of unit:
weekly-signed-on = Date:
weekly-empty = Nothing is overdue at present.

absences-title = Leave and deputies
absences-lead = While somebody is away, notices of deadlines go to the deputy; where none is named, to the supervisors of the unit.
absences-who = Who is away
absences-days = Days
absences-from = First day
absences-to = Last day
absences-deputy = Deputy
absences-deputy-is = { $name } stands in
absences-deputy-hint = Only colleagues of the same branch or division can be named.
absences-no-deputy = Nobody: the supervisors get the notices
absences-now = away
absences-back = Back from today
absences-cancel = Cancel
absences-empty = No leave is entered.
absences-enter = Enter leave
absences-button = Enter leave
absence-order = The last day cannot be before the first.
absence-past = The last day has passed; enter today or a later day.
absence-long = That is too long; please enter it in parts.
absence-deputy = Choose somebody of the same branch or division who works here now.
notice-absence-entered = The leave is entered.
notice-absence-ended = The leave has been ended or cancelled.
notice-reminded = The reminder goes to the handler and the supervisors at once.
refused-absence = You can enter only your own leave; supervisors also that of their people.

act-remind-handler = Ask for the reason
act-what-remind-handler = the handler explains why it is late
act-button-remind-handler = Send the reminder
act-remind-handler-text = The handler and the supervisors get a letter that asks for the reason and the day it will be done.
act-remind-handler-note = What you want to tell the handler
act-explain-delay = Explain the delay
act-what-explain-delay = answer the control officer's reminder
act-button-explain-delay = Send the explanation
act-explain-delay-text = It stays in the record of the case, where control officers and supervisors read it; the petitioner does not get it.
act-explain-delay-label = Why, and when it will be done
act-explain-delay-hint = For example: waiting for the joint inspection; the reply will be done next Wednesday.
explanation-length = Write an explanation of at most 2,000 characters.
remind-note-length = At most 1,000 characters.
refused-control-only = Only a control officer can do this.
refused-remind-not-overdue = No limit of this case is overdue; there is nothing to ask.
refused-remind-waiting = The handler was asked and still has time to explain. Ask again when that has passed or after the answer.
refused-explain-none = Nobody has asked for a reason in this case.
case-asked = { $who } asked on { $on } why it is late ({ $clock ->
        [registration] registration
        [assignment] assignment
        [acceptance] acceptance
        [co_handling] co-handling
        [ceiling] overall limit
        [supplement] supplement
       *[reply] reply
    }); please explain by { $by }.
entry-reminder = Reminder
entry-explanation = Explanation of the delay
event-remind-handler = Asked for the reason of the delay
event-explain-delay = Delay explained
letter-kind-digest = Daily notice of deadlines
letter-kind-reminder = Reminder
letter-kind-weekly-list = Weekly list
job-digest = Daily notices of deadlines
job-weekly-list = Weekly lists
job-result-letters = letters: { $number }
