# What citizens' pages say when something is in the way.
refused-link-replaced = The address was corrected, and a newer mail has replaced this link.
refused-too-many-submissions = { $minutes ->
    [one] Too much was sent from your network, so this was not received. Send it again in one minute; it is never received twice.
   *[other] Too much was sent from your network, so this was not received. Send it again in { $minutes } minutes; it is never received twice.
}
attachment-choose-again = Some attachments were not kept. Please choose them again.
status-transferred-to = Transferred to { $agency }.
message-title-link-replaced = This link was replaced
message-text-link-replaced = The address was corrected, so the confirmation mail went to the new one and the old link no longer works.
message-todo-link-replaced = Go to the new mailbox and follow the link in the latest confirmation mail.
message-title-not-confirmed = Not confirmed yet: please try again
message-text-not-confirmed = We cannot store anything just now, so your petition has not been confirmed.
message-todo-not-confirmed = Wait a few minutes and follow the link in the mail again. It is still good.
