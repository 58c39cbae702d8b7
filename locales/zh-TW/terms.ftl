# The closed lists of the domain, by code, and the sentences that refuse something.
kind-suggestion = 建議
kind-inquiry = 詢問法令
kind-report = 檢舉違失
kind-rights = 維護權益
kind-hint-suggestion = 希望制度或服務改進
kind-hint-inquiry = 想了解法規或規定
kind-hint-report = 公務員或機關做錯了事
kind-hint-rights = 自己的權益受到影響

status-unconfirmed = 待確認
status-received = 已收件
status-registered = 已登記
status-assigned = 已分案
status-in-progress = 辦理中
status-in-review = 陳核中
status-approved = 已決行
status-replied = 已回復
status-closed = 結案
status-reopened = 複查
status-plain-received = 我們已經收到，即將登記並分給主管的單位。
status-plain-registered = 已經登記，正在分給主管的單位。
status-plain-assigned = 主管單位已經收到，即將指定承辦人。
status-plain-in-progress = 承辦人正在處理您的陳情。
status-plain-in-review = 回復的內容已經擬好，正由主管審核。
status-plain-approved = 回復已經核定，即將以信函寄出。
status-plain-replied = 回復已經寄出，歡迎評分。
status-plain-closed = 這件陳情已經結案。
status-plain-reopened = 我們正在重新檢視這件陳情，會再次回復您。
status-step-received = 收件
status-step-assigned = 分案
status-step-handled = 辦理
status-step-replied = 回復

channel-web = 網站
channel-email = 電子郵件
channel-phone = 電話
channel-visit = 親訪
channel-letter = 書信
channel-fax = 傳真
channel-social = 社群媒體
channel-join = 公共政策參與平臺
channel-referred = 上級或他機關交辦
channel-media = 新聞輿論

close-answered = 已處理並回復
close-adopted = 採納或研議
close-explained = 說明理由，未採納
close-other-remedy = 已告知其他救濟途徑
close-transferred = 移轉主管機關
close-no-content = 不予處理：無具體內容
close-no-real-name = 不予處理：未具真實姓名或聯絡方式
close-same-matter = 不予處理：同一事由已適當處理並明確答復
close-not-competent-sent = 不予處理：非主管，且已分向各主管機關陳情
close-withdrawn = 陳情人撤回

due-none = 尚未起算
due-later = { $days ->
    [0] 今天到期
   *[other] 還有{ $days }個工作天
}
due-soon = { $days ->
    [0] 今天到期
   *[other] 還有{ $days }個工作天
}
due-today = 今天到期
due-overdue = { $days ->
    [0] 今天起逾期
   *[other] 已逾期{ $days }個工作天
}

question-result = 處理結果
question-clarity = 回復清楚易懂
question-speed = 處理速度
question-attitude = 服務態度
question-overall = 整體滿意度
level-5 = 非常滿意
level-4 = 滿意
level-3 = 尚可
level-2 = 不滿意
level-1 = 非常不滿意

count-limit = 期限{ $days }個工作天，收件次一個工作天起算第1天，放假日不計。
count-limit-calendar = 期限{ $days }天，收件次日起算第1天；最後一天遇放假日，順延到下一個工作天。
count-start = 收件當天不計
count-workday = 工作天
count-makeup = 補行上班，計入
count-weekend = 週末，不計
count-holiday = 放假（{ $name }），不計
count-pause = 等候中（{ $reason }），不計
count-last = 最後一天，當天結束以前回復都算準時
count-extended = 延長後的期限
count-more-days = 其間還有{ $days }天，依同樣方式計算

petition-name = 請填寫真實姓名，最多60字。
petition-email = 請填寫正確的電子郵件，例如name@example.org。
petition-email-for-reply = 以電子郵件回復時，請填寫電子郵件。
petition-phone = 請填寫電話號碼，只用數字、+、-、#與分機，例如0900-000-123。
petition-address = 地址最多200字。
petition-address-for-reply = 以紙本信函回復時，請填寫地址。
petition-subject = 請填寫主旨，2到200字。
petition-body = 請填寫陳情內容，最多20000字；放不下的請用附件。
petition-place = 地點最多200字。
petition-kind = 請選擇這是哪一類的陳情。
petition-category = 請從清單中選擇相關業務，或選「不確定」。
petition-reply-by = 請選擇希望怎麼收到回復。
petition-consent = 請閱讀個人資料保護告知事項，並勾選同意。
attachment-too-many = 附件最多{ $max }個，請減少檔案。
attachment-too-large = 「{ $name }」超過{ $mb }MB，請縮小後再附上。
attachment-type = 「{ $name }」的格式不能接受。可用格式：{ $types }。
attachment-type-lies = 「{ $name }」的內容和副檔名不符，請另存成正確的格式再附上。
attachment-empty = 「{ $name }」是空的檔案，請重新選取。
rating-choose = 請選擇一個等級。
rating-comment-long = 意見最多2000字。
field-invalid = 這一欄的內容不正確，請重新填寫。
field-missing = 這一欄必須填寫。
status-not-found = 案件編號或查詢碼不正確。請對照收件通知信再輸入一次。
notice-mail-resent = 確認信已經再寄一次。
notice-address-corrected = 電子郵件已更正，確認信已寄到新的信箱。

refused-verb-in-state = 這件案子目前是「{ $state ->
    [received] 已收件
    [registered] 已登記
    [assigned] 已分案
    [in_progress] 辦理中
    [in_review] 陳核中
    [approved] 已決行
    [replied] 已回復
    [closed] 結案
   *[reopened] 複查
}」，不能{ $verb ->
    [register] 登記
    [classify] 更改分類
    [assign] 分案
    [take] 承辦
    [draft] 撰寫回復
    [submit_reply] 陳核
    [return_reply] 退回
    [approve_by_email] 決行
    [approve_by_letter] 決行
    [mark_posted] 登記寄出
    [extend] 展期
    [transfer] 移轉
    [no_action] 不予處理
    [withdraw] 撤回
    [rate] 評分
    [reopen] 複查
    [keep_closed] 維持結案
    [close] 結案
   *[note] 加註
}。
refused-registrar-only = 只有登記桌可以這樣做。
refused-assign = 只有登記桌、研考人員或本單位主管可以分案。
refused-take = 只有主辦單位的承辦人可以承辦，而且案件還沒有別人承辦。
refused-note = 只有經手的同仁可以加註。
refused-not-your-case = 只有這件案子的承辦人可以這樣做。
refused-own-reply = 不能核定自己擬的回復，請由其他主管核定。
refused-supervisor-only = 只有主辦單位的主管可以這樣做。
refused-ending = 只有登記桌或單位主管可以這樣結案。
refused-reopen = 只有研考人員或單位主管可以決定是否複查。
refused-petitioner-only = 評分只能由陳情人自己填寫。
refused-job-only = 這一步由系統依期限自動完成。
refused-idempotency = 同一份表單先前已經送出，而這次的內容不一樣，所以沒有再收一次。
