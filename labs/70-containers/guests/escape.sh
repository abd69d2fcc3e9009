# A file of the host's that is none of a container's business.
cat /etc/secret
escape
