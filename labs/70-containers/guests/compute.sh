# Whole numbers, sorted and summed: no system call but the last.
compute
