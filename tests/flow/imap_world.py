#!/usr/bin/python3
"""A real IMAP server (Dovecot) for stories about mailboxes: one person, post@zon.test with the password "geheim 1", whose mails lie in FOLDER/Maildir. TLS by a
certificate that nobody knows. As root it goes on as nobody. It must never listen anywhere but on this machine, nor read Dovecot's own settings.
With CERTS its certificate is the one that lies there, and with TOKENS who has a token of that server comes in as well (OAuth 2).
usage: imap_world.py FOLDER IMAP_PORT IMAPS_PORT [CERTS TOKENS]"""
import ctypes, os, pwd, shutil, signal, socket, subprocess, sys, time

folder, imap, imaps = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
certs, tokens = sys.argv[4:6] if len(sys.argv) > 5 else (None, None)
shutil.rmtree(folder, ignore_errors=True)
for name in ("", "Maildir", "Maildir/cur", "Maildir/new", "Maildir/tmp", "run"):
    os.mkdir(os.path.join(folder, name))
if certs:
    for name in ("cert.pem", "key.pem"):
        shutil.copyfile(os.path.join(certs, name), os.path.join(folder, name))
else:
    subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2", "-subj", "/CN=localhost",
                    "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1", "-keyout", folder + "/key.pem", "-out", folder + "/cert.pem"], check=True, stderr=subprocess.DEVNULL)
who = pwd.getpwnam("nobody") if os.geteuid() == 0 else pwd.getpwuid(os.geteuid())
group = subprocess.run(["id", "-gn", who.pw_name], capture_output=True, text=True, check=True).stdout.strip()
with open(folder + "/users", "w") as f:
    f.write("post@zon.test:{PLAIN}geheim 1\n")
if tokens:
    with open(folder + "/oauth2.conf", "w") as f:
        f.write(f"tokeninfo_url = {tokens}/tokeninfo?access_token=\nusername_attribute = username\n")
by_token = f"""
passdb {{
  driver = oauth2
  mechanisms = xoauth2 oauthbearer
  args = {folder}/oauth2.conf
}}
""" if tokens else ""
with open(folder + "/dovecot.conf", "w") as f:
    f.write(f"""
base_dir = {folder}/run
state_dir = {folder}/run
log_path = {folder}/log
protocols = imap
listen = 127.0.0.1
default_internal_user = {who.pw_name}
default_internal_group = {group}
default_login_user = {who.pw_name}
mail_uid = {who.pw_uid}
mail_gid = {who.pw_gid}
first_valid_uid = {min(who.pw_uid, 500)}
first_valid_gid = {min(who.pw_gid, 1)}
mail_location = maildir:{folder}/Maildir:INDEX=MEMORY
maildir_very_dirty_syncs = no
disable_plaintext_auth = no
auth_mechanisms = plain login{" xoauth2 oauthbearer" if tokens else ""}
auth_failure_delay = 0
login_greeting = ready
ssl = yes
ssl_cert = <{folder}/cert.pem
ssl_key = <{folder}/key.pem
stats_writer_socket_path =
{by_token}
passdb {{
  driver = passwd-file
  args = scheme=PLAIN username_format=%u {folder}/users
}}
userdb {{
  driver = static
  args = uid={who.pw_uid} gid={who.pw_gid} home={folder}
}}
service anvil {{
  chroot =
  unix_listener anvil-auth-penalty {{
    mode = 0
  }}
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {imap}
  }}
  inet_listener imaps {{
    port = {imaps}
    ssl = yes
  }}
}}
service stats {{
  chroot =
}}
""")
if os.geteuid() == 0:
    for at, dirs, files in os.walk(folder):
        for name in [at] + [os.path.join(at, n) for n in files]:
            os.chown(name, who.pw_uid, who.pw_gid)


def begin():
    if os.geteuid() == 0:
        os.setgroups([])
        os.setgid(who.pw_gid)
        os.setuid(who.pw_uid)
    ctypes.CDLL(None).prctl(1, signal.SIGTERM)  # PR_SET_PDEATHSIG


server = subprocess.Popen(["/usr/sbin/dovecot", "-F", "-c", folder + "/dovecot.conf"], preexec_fn=begin, stdout=sys.stderr)
for _ in range(200):
    try:
        with socket.create_connection(("127.0.0.1", imap), 1) as s:
            if s.recv(100).startswith(b"* OK"):
                print("ready", flush=True)
                break
    except OSError:
        pass
    if server.poll() is not None:
        break
    time.sleep(0.05)
signal.signal(signal.SIGTERM, lambda *a: server.terminate())
code = server.wait()
shutil.rmtree(folder, ignore_errors=True)
sys.exit(code)
