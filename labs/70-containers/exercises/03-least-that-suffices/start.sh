# It needs some memory, and some processes.
hog {{kilobytes}}
{{pipeline}}
echo all done
