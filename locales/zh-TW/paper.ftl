# Letters on paper.

refused-reply-by-case = 回復要在案件頁面登記寄出，不是在這裡。
