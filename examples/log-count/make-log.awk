# Makes the log of the example, the same one with every awk: 10,000 records, each with one of four words.
#
#   awk -f make-log.awk > store/log-count/input/app.log
BEGIN {
  split("INFO WARN ERROR DEBUG", word, " ")
  split("2460 2448 2583 2509", left, " ")
  random = 17
  for (record = 0; record < 10000; record++) {
    # Lehmer's generator: its products stay below 2^53, so that no awk rounds them.
    random = (random * 16807) % 2147483647
    draw = random % (10000 - record)
    for (kind = 1; draw >= left[kind]; kind++) draw -= left[kind]
    left[kind]--
    printf "2026-11-23 %02d:%02d:%02d [%s] order %d\n", 8 + record / 3600, record / 60 % 60, record % 60, word[kind], record
  }
}
