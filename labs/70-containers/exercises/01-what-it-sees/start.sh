# What does it see?
{{sleepers}}
ps > /tmp/list
wc /tmp/list
hostname
cat /etc/secret
