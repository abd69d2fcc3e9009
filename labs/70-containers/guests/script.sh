# A script of one's own: it may use whatever is in /bin.
ls /bin
