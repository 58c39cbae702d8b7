# 指令的訊息。
cli-not-written = 無法寫入{ $file }：{ $error }
cli-no-records = { $period }結束時還沒有任何陳情紀錄，所有數字都是0。
cli-report-not-begun = { $period }還沒開始。
cli-report-too-early = 無法統計{ $period }：統計自1912年起。
cli-report-not-reported = { $period }還沒有定稿，沒有可以比較的數字。
cli-report-not-counted = 無法統計{ $period }：{ $error }
cli-report-damaged = { $period }定稿的數字與定稿時的核對碼不符，請與備份比對。
cli-report-no-pdf = 這個程式沒有PDF功能：請以 --features pdf 編譯，或改用 --format html 再列印。
