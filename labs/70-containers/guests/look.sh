# Who am I, who else is here, and what is mine?
echo name:
hostname
echo processes:
ps
echo the root directory:
ls /
echo mounts:
mount
echo namespaces:
ns
echo rights:
id
