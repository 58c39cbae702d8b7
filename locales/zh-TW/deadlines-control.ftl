# Control (管考): warnings, digests, deputies, reminders, the weekly list.
desk-absences-link = 請假與代理
queue-control = 期限管考
control-tabs = 期限狀態
control-state-overdue = 已逾期
control-state-soon = 即將到期
control-purpose = 期限種類
control-clock-registration = 登記期限
control-clock-assignment = 分案期限
control-clock-acceptance = 受理期限
control-clock-co-handling = 會辦期限
control-clock-reply = 回復期限
control-clock-ceiling = 總期限
control-clock-supplement = 補正期限
control-last-day = 期限
control-days-over = 逾期工作天
control-extensions = 展期次數
control-extended = 已展期{ $times }次
control-asked = 稽催與說明
control-asked-on = 稽催日期
control-explained-on = 說明日期
control-explanation = 說明
control-waiting = { $on }已稽催，請於{ $by }前說明
control-explained = { $who }於{ $on }說明
control-empty = 沒有符合條件的期限。
control-notice-due-soon = 即將到期（{ $clock ->
        [registration] 登記期限
        [assignment] 分案期限
        [acceptance] 受理期限
        [co_handling] 會辦期限
        [ceiling] 總期限
        [supplement] 補正期限
       *[reply] 回復期限
    }，{ $when ->
        [before] 到期前{ $days }個工作天
        [used] 已用{ $days }%的時間
       *[on_day] 到期當天
    }）
control-notice-overdue = 已逾期（{ $clock ->
        [registration] 登記期限
        [assignment] 分案期限
        [acceptance] 受理期限
        [co_handling] 會辦期限
        [ceiling] 總期限
        [supplement] 補正期限
       *[reply] 回復期限
    }，逾期第{ $days }個工作天）

weekly-link = 每週逾期清單
weekly-title = 每週逾期案件清單
weekly-week = { $day }起的一週。
weekly-as-of = 資料時間：
weekly-count = 共{ $count }件逾期期限。
weekly-more = 只列出最早到期的部分，其餘請用單位篩選後查看。
weekly-print = 列印
weekly-csv = 下載CSV
weekly-back = 回期限管考
weekly-asked = { $on }稽催，
weekly-explained = { $on }說明：
weekly-not-explained = 尚未說明
weekly-not-asked = 未稽催
weekly-signature = 單位主管簽章：
weekly-signed-on = 日期：
weekly-empty = 目前沒有逾期的期限。

absences-title = 請假與代理
absences-lead = 請假期間，到期與逾期的通知改寄給職務代理人；沒有指定代理人時，改寄給單位主管。
absences-who = 請假人
absences-days = 期間
absences-from = 第一天
absences-to = 最後一天
absences-deputy = 職務代理人
absences-deputy-is = 由{ $name }代理
absences-deputy-hint = 只能指定同一分署或單位的同仁。
absences-no-deputy = 不指定，由單位主管收通知
absences-now = 請假中
absences-back = 今天起恢復上班
absences-cancel = 取消請假
absences-empty = 沒有登記中的請假。
absences-enter = 登記請假
absences-button = 登記請假
absence-order = 最後一天不能早於第一天。
absence-past = 最後一天已經過去，請填今天或以後的日期。
absence-long = 請假期間太長，請分次登記。
absence-deputy = 請選擇同一分署或單位、目前在職的同仁。
notice-absence-entered = 已登記請假。
notice-absence-ended = 請假已結束或取消。
notice-reminded = 已稽催，通知會立刻寄給承辦人與單位主管。
refused-absence = 您只能登記自己的請假；單位主管可以替所屬同仁登記。

act-remind-handler = 稽催
act-what-remind-handler = 請承辦人說明逾期的原因
act-button-remind-handler = 寄出稽催
act-remind-handler-text = 承辦人與單位主管會收到信，請他們說明原因與預定完成的日期。
act-remind-handler-note = 想告訴承辦人的話
act-explain-delay = 說明逾期原因
act-what-explain-delay = 回應研考人員的稽催
act-button-explain-delay = 送出說明
act-explain-delay-text = 說明會留在案件紀錄裡，研考人員與主管都看得到，不會寄給陳情人。
act-explain-delay-label = 原因與預定完成的日期
act-explain-delay-hint = 例如：等候現場會勘，預定下週三完成回復。
explanation-length = 請填寫說明，最多2,000字。
remind-note-length = 最多1,000字。
refused-control-only = 只有研考人員可以稽催。
refused-remind-not-overdue = 這件案子目前沒有逾期的期限，不需要稽催。
refused-remind-waiting = 已經稽催過，承辦人還在說明期限之內；過了期限或說明以後才能再次稽催。
refused-explain-none = 這件案子沒有等待說明的稽催。
case-asked = { $on }{ $who }稽催（{ $clock ->
        [registration] 登記期限
        [assignment] 分案期限
        [acceptance] 受理期限
        [co_handling] 會辦期限
        [ceiling] 總期限
        [supplement] 補正期限
       *[reply] 回復期限
    }），請於{ $by }前說明原因。
entry-reminder = 稽催
entry-explanation = 逾期說明
event-remind-handler = 稽催
event-explain-delay = 說明逾期原因
letter-kind-digest = 每日期限通知
letter-kind-reminder = 稽催
letter-kind-weekly-list = 每週逾期清單
job-digest = 每日期限通知
job-weekly-list = 每週逾期清單
job-result-letters = 寄出通知{ $number }封
