# Letters on paper.

refused-reply-by-case = A reply is marked as posted on the page of its case, not here.
