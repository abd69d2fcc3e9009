# Ten thousand system calls.
syscall
