# What citizens' pages say when something is in the way.
refused-link-replaced = 電子郵件更正之後，這個連結已經由新的確認信取代。
refused-too-many-submissions = 同一個網路位置送出太多次，這次沒有收件。請{ $minutes }分鐘後再送出，不會重複收件。
attachment-choose-again = 有些附件沒有保存下來，請重新選取。
status-transferred-to = 已移轉給{ $agency }。
message-title-link-replaced = 這個連結已經換新
message-text-link-replaced = 電子郵件更正之後，確認信改寄到新的信箱，舊的連結就不能再使用。
message-todo-link-replaced = 請到新的信箱，點選最新一封確認信裡的連結。
message-title-not-confirmed = 還沒有確認，請再試一次
message-text-not-confirmed = 系統現在無法儲存資料，所以您的陳情還沒有完成確認。
message-todo-not-confirmed = 請稍等幾分鐘，再點選一次確認信裡的連結；連結仍然有效。
