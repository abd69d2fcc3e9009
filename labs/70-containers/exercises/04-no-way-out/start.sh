# Shut probe up. This is how it was done in 1979.
chroot /srv/one probe
