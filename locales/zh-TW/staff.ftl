# Accounts of staff, what the desk tells after an act, and why a letter did not leave.
account-username = 帳號請用2到40個小寫英文字母、數字、點或連字號。
account-username-taken = 這個帳號已經有人使用，請換一個。
message-desk = 回承辦端
field-date = 請填寫正確的日期。
field-date-time = 請填寫正確的日期與時間。
notice-password-changed = 密碼已變更。其他裝置上的登入已經結束。
notice-submitted = 回復已送主管審核。
notice-draft-saved = 草稿已儲存。
trouble-no-address = 收件人沒有電子郵件地址。
trouble-bad-address = 電子郵件地址不正確。
trouble-account-closed = 收件同仁的帳號已停用。
trouble-refused = 郵件伺服器拒收。
trouble-deferred = 郵件伺服器暫時不收，會再試。
trouble-unreachable = 連不上郵件伺服器。
trouble-broken-off = 交寄途中連線中斷，對方可能已經收到。
trouble-unreadable = 信件內容無法產生，請洽系統管理者。
trouble-file-missing = 附件讀不到，請洽系統管理者。
