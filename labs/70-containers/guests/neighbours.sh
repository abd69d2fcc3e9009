# Both containers run this: they compute for 40 milliseconds by the clock, at the same time.
spin 40
