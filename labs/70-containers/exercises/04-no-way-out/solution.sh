unshare -mup sh -c 'hostname {{name}}; mount -b /srv/one /srv/one; mkdir /srv/one/old; pivot_root /srv/one /srv/one/old; cd /; umount /old; mount proc /proc; probe'
