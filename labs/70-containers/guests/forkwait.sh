# Two hundred processes, one after the other.
forkwait
