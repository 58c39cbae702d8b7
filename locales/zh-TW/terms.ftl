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
status-plain-approved = 回復已經核定，內容在下面；接著會以信函寄出，或由承辦人以電話、面談告訴您。
status-plain-replied = 已經回復您，內容在下面。
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

due-finished = 已辦結
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


petition-name = 請填寫真實姓名，最多60字。
petition-email = 請填寫正確的電子郵件，例如name@example.org。
petition-email-for-reply = 以電子郵件回復時，請填寫電子郵件。
petition-phone = 請填寫電話號碼，只用數字、+、-、#與分機，例如0900-000-123。
petition-address = 地址最多200字。
petition-address-for-reply = 以紙本信函回復時，請填寫地址。
petition-phone-for-reply = 以電話或面談答復時，請填寫電話。
petition-reply-on-file = 陳情人留有聯絡方式，請選擇其他的回復方式。
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
    [awaiting_petitioner] 待補正
    [consulting] 會辦中
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
    [ask_supplement] 請陳情人補正
    [supplement_given] 補正
    [supplement_missing] 以逾期未補正結案
    [wait] 登記等候
    [end_wait] 結束等候
    [consult] 會辦
    [answer_consultation] 回復會辦
    [withdraw_consultation] 撤回會辦
    [ask_extension] 申請展期
    [decline_extension] 決定展期
    [submit_reply] 陳核
    [return_reply] 退回
    [approve_by_email] 決行
    [approve_by_letter] 決行
    [approve_by_phone] 決行
    [approve_on_file] 決行
    [mark_posted] 登記寄出
    [record_told] 登記告知
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
limit-working-days = 期限{ $days }個工作天：收件後的第一個工作天是第1天，放假日不計。最後一天結束以前回復都算準時。
limit-calendar-days = 期限{ $days }天：收件次日是第1天；最後一天遇放假日，順延到下一個工作天。
limit-working-minutes = 期限{ $minutes }分鐘，只計辦公時間。
limit-fixed-date = 期限是指定的日期。
count-start = 起算當天，不計
count-counted = 工作天
count-weekend = 週末，不計
count-holiday = 放假，不計
count-make-up = 補行上班，計入
count-closure = 停止上班，不計
count-paused = 等候中，不計
count-extended = 展期後計入
count-moved-on = 遇放假日順延到這個工作天
count-moved-to-noon = 星期六順延到星期一中午
count-given = 指定的日期
count-skipped = 時區調整，沒有這一天
count-note = （{ $note }）
count-minutes = （{ $minutes }分鐘）
field-choose = 請從清單中選擇。
field-reason = 請寫明理由。
field-agency = 請填寫機關名稱，最多100字。
field-in-future = 日期與時間不能晚於現在。
extend-until = 新的期限必須是比目前期限晚的工作天。
extend-too-far = 展期合計最多{ $days }個工作天。
posted-before-approval = 寄出日期不能早於決行日期。
told-before-approval = 告知日期不能早於決行日期。
told-record = 請簡短記下告知的情形，最多2000字。
reply-empty = 回復內容太短。請具體說明處理的結果與理由。
reply-long = 回復內容最多20000字。
reply-basis-long = 法令依據最多1000字。
refused-identity = 您不能查看這件案子的陳情人身分。
refused-assign-beyond = 您只能分給自己單位及所屬單位。
refused-assign-respondent = 這個單位是被陳情的單位，只有研考人員可以分給它。
refused-already-decided = 這份陳情已經由同仁處理過了。
refused-no-reply = 這件案子還沒有回復草稿。
refused-reply-by-phone = 這件案子以電話或面談答復，請登記告知的情形，不是登記寄出。
refused-reply-by-letter = 這件案子以信件回復，不是以電話或面談答復。
refused-extend-late = 期限已過，不能展期。
refused-extend-often = 最多展期{ $times }次，不能再展期。
refused-no-review = 這件案子沒有等待複查的評分。
refused-own-review = 您是這次回復的承辦人或核稿人，要由其他同仁決定。
refused-not-empty = 資料庫裡已經有案件；合成的案件只能放進空的資料庫。
refused-already-confirmed = 這份陳情已經確認過了，不需要再寄確認信。
refused-link-expired = 連結已經過期。
refused-too-many-mails = 確認信已經寄了太多次，不能再寄。請重新填寫陳情。
refused-mail-just-sent = 確認信剛剛才寄出，請等幾分鐘再試。
refused-submission-dismissed = 這份陳情已由同仁歸檔，不能再確認。
refused-too-many-tries = 嘗試次數太多，請15分鐘後再試。
field-handler-unit = 這位同仁不是主辦單位或其上級單位的承辦人，請另選一位。
note-length = 註記請寫1到5000字。
refused-bad-request = 表單的資料不完整或格式不對，請重新整理後再送出。
refused-too-large = 送出的資料太大，請減少附件或縮小檔案。
refused-csrf = 這個頁面開啟太久，為了安全沒有執行。請重新整理後再送出。
refused-role = 這個頁面不在您的權限之內。需要使用時，請洽系統管理者。
refused-signed-out = 您尚未登入，或登入已經過期。請重新登入。
refused-change-password = 請先變更密碼，再使用其他功能。
error-refused = 現在不能這樣做。
error-not-found = 找不到這筆資料。
error-conflict = 同事剛剛更改了這件案子，您的動作還沒有執行。請看過最新情形後再送出。
error-invalid = 有些內容需要修改。
error-unavailable = 系統現在無法儲存資料，請過幾分鐘再試一次。
error-internal = 系統發生錯誤，這一步可能沒有完成。請過幾分鐘再試一次。
