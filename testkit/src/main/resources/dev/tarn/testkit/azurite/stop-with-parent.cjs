// The parent holds the other end of standard input; even kill -9 closes it.
process.stdin.on("end", () => process.exit(0)).resume();
