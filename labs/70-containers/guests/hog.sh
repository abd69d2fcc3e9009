# Four megabytes, touched page by page.
hog 4096
cat /proc/meminfo
