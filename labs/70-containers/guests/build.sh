# A container by hand, one mechanism at a time.
#region start
echo 1. a plain process
hostname
ps
#endregion
#region names
echo 2. a UTS namespace: another name inside, and the host keeps its own
unshare -u sh -c 'hostname box; hostname'
hostname
#endregion
#region pids
echo 3. a PID namespace: number 1 inside, but /proc still shows the old one
unshare -p ps
echo 4. with mounts of its own, a new /proc
unshare -mp sh -c 'mount proc /proc; ps'
#endregion
#region roots
echo 5. another root, as in 1979
chroot /srv/one ls /
chroot /srv/one escape
echo 6. another root, with pivot_root
unshare -mp sh -c 'mount -b /srv/one /srv/one; mkdir /srv/one/old; pivot_root /srv/one /srv/one/old; cd /; umount /old; mount proc /proc; ls /; escape'
#endregion
#region limits
echo 7. a control group: at most 8 processes
mkdir /sys/fs/cgroup/box
echo 8 > /sys/fs/cgroup/box/pids.max
cgexec box bomb
cat /sys/fs/cgroup/box/pids.events
#endregion
