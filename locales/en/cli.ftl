# What commands say.
cli-not-written = { $file } cannot be written: { $error }
cli-no-records = No petition had been recorded by the end of { $period }: all figures are nothing.
cli-report-not-begun = { $period } has not begun.
cli-report-too-early = { $period } cannot be reported: reports begin with 1912.
cli-report-not-reported = { $period } was not reported yet: there is nothing to compare with.
cli-report-not-counted = The figures of { $period } cannot be counted: { $error }
cli-report-damaged = The figures that were locked for { $period } do not have the checksum they were locked with: compare them with a backup.
cli-report-no-pdf = This program was built without PDF: build it with --features pdf, or take --format html and print it.
