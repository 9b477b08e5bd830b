#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The demo for a telephone, without one: tests/journeys/phone.py build/yaopai

127.0.0.2 stands for this machine's address in a network: nothing listens elsewhere.
Prints TAP."""
import http.client
import importlib.machinery
import importlib.util
import json
import os
import pathlib
import random
import shutil
import signal
import socket
import ssl
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
PROGRAM = str(pathlib.Path(sys.argv[1]).resolve())
WORK = pathlib.Path(tempfile.mkdtemp(prefix='yaopai-phone-'))
ADDRESS = '127.0.0.2'
FOLDER = WORK / 'v'
CA = FOLDER / 'tls/ca.pem'
CODE = '493536'
number = failed = 0


def case(name, good, output=''):
    global number, failed
    number += 1
    failed += not good
    print(f"{'ok' if good else 'not ok'} {number} - phone: {name}", flush=True)
    if not good:
        print('\n'.join('# ' + line for line in str(output).splitlines()[-20:]), flush=True)


def skip(why):
    print(f'1..1\nok 1 - phone # SKIP {why}')
    shutil.rmtree(WORK, ignore_errors=True)
    sys.exit(0)


if PROGRAM != str(ROOT / 'build/yaopai'):
    skip('the tool runs build/yaopai')
for tool in ('openssl', 'nginx'):
    if shutil.which(tool, path=os.environ['PATH'] + ':/usr/sbin') is None:
        skip(f'no {tool} here')


def free_port():
    """The first of some below those that connections get by themselves: what is free stays so."""
    return random.randrange(20000, 32000)


class Demo:
    """tools/phone, as ./quickstart --phone calls it."""

    def __init__(self, path=None, port=None, *words):
        env = {**os.environ, 'LC_ALL': 'C.UTF-8', **({'PATH': f"{path}:{os.environ['PATH']}"} if path else {})}
        self.out = WORK / f'out-{time.monotonic_ns()}'
        with self.out.open('w') as out:
            self.process = subprocess.Popen(
                [ROOT / 'tools/phone', '--address', ADDRESS, '--folder', FOLDER, '--port', str(port or free_port()),
                 *words], stdin=subprocess.DEVNULL, stdout=out, stderr=subprocess.STDOUT, env=env)
        self.note = {}

    def said(self):
        return self.out.read_text()

    def ready(self):
        for _ in range(3000):
            if 'Ctrl-C ends it' in self.said() and (FOLDER / 'nginx/pid').exists():
                self.note = json.loads((FOLDER / 'phone.json').read_text())
                return True
            if self.process.poll() is not None:
                return False
            time.sleep(0.1)
        return False

    def end(self, number=signal.SIGINT):
        self.process.send_signal(number)
        try:
            return self.process.wait(120)
        except subprocess.TimeoutExpired:
            self.process.kill()
            return None

    def ask(self, name, path='/', ca=CA, host=None, **headers):
        """(status, body) over TLS; of an error its name."""
        host = host or self.note['hosts'][name]
        context = ssl.create_default_context(cafile=ca and str(ca))
        try:
            with socket.create_connection((ADDRESS, self.note['ports'][name]), timeout=30) as plain, \
                    context.wrap_socket(plain, server_hostname=host) as secure:
                head = ''.join(f'{key}: {value}\r\n' for key, value in headers.items())
                secure.sendall(f'GET {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n{head}\r\n'.encode())
                answer = http.client.HTTPResponse(secure)
                answer.begin()
                return answer.status, answer.read().decode(errors='replace')
        except ssl.SSLError as error:
            return type(error).__name__, str(error)


def run(*words, text=None):
    done = subprocess.run([PROGRAM, *map(str, words)], capture_output=True, text=True, input=text,
                          env={**os.environ, 'LC_ALL': 'C.UTF-8', 'YAOPAI_PASSPHRASE_FILE': str(FOLDER / 'passphrase')})
    return done.returncode, done.stdout, done.stderr


def listeners():
    """(address, port) of everything that listens by IPv4 and IPv6, in hex."""
    return {tuple(line.split()[1].split(':')) for file in ('tcp', 'tcp6') for line in
            pathlib.Path(f'/proc/net/{file}').read_text().splitlines()[1:] if line.split()[3] == '0A'}


def fetch(port, path):
    connection = http.client.HTTPConnection(ADDRESS, port, timeout=30)
    connection.request('GET', path)
    answer = connection.getresponse()
    return answer.status, answer.read().decode()


def load_tool():
    loader = importlib.machinery.SourceFileLoader('phone', str(ROOT / 'tools/phone'))
    module = importlib.util.module_from_spec(importlib.util.spec_from_loader('phone', loader))
    sys.dont_write_bytecode = True
    loader.exec_module(module)
    return module


# ---- an authority that can vouch for little ------------------------------------------

tool = load_tool()
for kind, hosts, strange in (('names', ['wallet.local', 'desk.local'], ['www.example.org', 'local', ADDRESS]),
                             ('an address', [ADDRESS], ['www.example.org', '127.0.0.3', 'localhost'])):
    folder = WORK / kind.replace(' ', '-')
    folder.mkdir()
    tool.make_authority(folder, hosts)
    verdicts = {}
    for host in (*hosts, *strange):
        tool.sign(folder, [host], 'one')
        verdicts[host] = subprocess.run(['openssl', 'verify', '-x509_strict', '-CAfile', folder / 'ca.pem',
                                         folder / 'one.pem'], capture_output=True).returncode == 0
    case(f'lets the authority of {kind} vouch for {", ".join(hosts)}', all(verdicts[h] for h in hosts), verdicts)
    case(f'never for {", ".join(strange)}', not any(verdicts[h] for h in strange), verdicts)

for text in ('wallet=http://wallet.example', 'kiosk=https://kiosk.example', 'wallet', 'wallet=https://' + 'a' * 56):
    got = run('demo', '--serve', '-C', WORK / 'none', '--public', text)
    case(f'refuses {text[:30]} as a public address', got[0] == 1 and not (WORK / 'none').exists(), got)

# ---- by an address -------------------------------------------------------------------

demo = Demo()
case('starts', demo.ready(), demo.said())
if not demo.note:
    print(f'1..{number}')
    demo.end()
    sys.exit(1)
ports = demo.note['ports']
case('warns that it opens a demo to the network', 'This opens a demo to everybody in your network' in demo.said()
     and 'Remove it from the telephone afterwards' in demo.said(), demo.said())
case('says that there are no passkeys by an address', 'there are no passkeys' in demo.said(), demo.said())
for name in ('wallet', 'desk', 'authority'):
    got = demo.ask(name, Accept='text/html')
    case(f'gives the {name} over TLS under its authority', got[0] in (200, 404) and '<html' in got[1], got)
    got = demo.ask(name, ca=None)
    case(f'never without it: {name}', got[0] == 'SSLCertVerificationError', got)
status, page = fetch(ports['begin'], '/')
case('gives telephones a page to begin at, in both languages', status == 200 and 'iPhone' in page and '安卓' in page
     and f'https://{ADDRESS}:{ports["wallet"]}/' in page, page)
case('never says there what is to be compared', tool.fingerprint(CA)[:11] not in page, page)
case('gives the certificate, and says its fingerprint in the terminal', fetch(ports['begin'], '/ca.crt') == (200, CA.read_text())
     and tool.fingerprint(CA) in demo.said())
case('never gives anything else of its folder', fetch(ports['begin'], '/tls/server.key')[0] == 404)
case('keeps its keys to itself, and that of the authority not at all', not list(FOLDER.glob('**/ca.key'))
     and all(f.stat().st_mode & 0o077 == 0 for f in (FOLDER / 'tls').iterdir()), list((FOLDER / 'tls').iterdir()))

ours = {f'{port:04X}' for port in ports.values()}
places = dict(line.split() for line in (FOLDER / 'places').read_text().splitlines())
behind = {f"{int(place.split(':')[1]):04X}" for place in places.values()}
found = listeners()
case('listens at one address of the network, its servers at none',
     {a for a, p in found if p in ours} == {'0200007F'} and {a for a, p in found if p in behind} == {'0100007F'}, found)

address = f'https://{ADDRESS}'
metadata = json.loads(demo.ask('authority', '/.well-known/openid-credential-issuer')[1])
case('issues in the name that telephones know', metadata['credential_issuer'] == f'{address}:{ports["authority"]}', metadata)
config = json.loads(demo.ask('wallet', '/config.json')[1])
case('tells the wallet of it', config['authorities'][0]['url'] == metadata['credential_issuer'], config)

person = json.loads((FOLDER / 'people/people.jsonl').read_text().splitlines()[0])['number']
wallet = FOLDER / 'wallets/mine'
reader = FOLDER / 'authority/certificates/reader-root.pem'
got = run('wallet', 'init', '-C', wallet, '--registrar', reader, '--provider', f'{address}:{ports["wallet"]}', '--ca-file', CA)
case('vouches for a wallet that comes over TLS', got[0] == 0, got)
(WORK / 'code').write_text(f'{CODE}\n')
code, offer, err = run('document', 'offer', '-C', FOLDER / 'authority', '--person', person, '--tx-code', '--configuration',
                       'resident_id_mdoc', '--configuration', 'resident_id_sdjwt', text=f'{CODE}\n')
(WORK / 'offer').write_text(offer.splitlines()[0] + '\n')
got = run('wallet', 'receive', '-C', wallet, '--local', '--yes', '--copies', '2', '--ca-file', CA, '--trust',
          FOLDER / 'authority/certificates/population-root.pem', '--tx-code-file', WORK / 'code', WORK / 'offer')
case('gives it documents', code == 0 and got[0] == 0 and '2 copies' in got[1], (err, got))
key = [line for line in (FOLDER / 'desk/keys/api.keys').read_text().splitlines() if line[:1] != '#'][-1]
asked = subprocess.run(['curl', '-sS', '--cacert', CA, '-H', f'Authorization: Bearer {key}', '--json',
                        '{"profile":"hotel"}', f'{address}:{ports["desk"]}/api/sessions'], capture_output=True, text=True)
session = json.loads(asked.stdout or '{}')
case('asks by the address that telephones reach', f'{ADDRESS}%3A{ports["desk"]}' in session.get('qr', ''), asked)
got = run('wallet', 'present', '-C', wallet, '--local', '--yes', '--ca-file', CA, session.get('qr', ''))
_, result = demo.ask('desk', f"/api/sessions/{session.get('id')}?wait=10", Authorization=f'Bearer {key}')
case('lets the wallet show to the desk', json.loads(result).get('result', {}).get('verdict') == 'accept', (got, result))

before, certificate = demo.note, CA.read_bytes()
case('ends by Ctrl-C', demo.end() == 0, demo.said())
case('leaves nobody listening', not {p for _, p in listeners()} & (ours | behind), listeners())
demo = Demo()
case('begins again where it was', demo.ready() and demo.note == before and CA.read_bytes() == certificate, demo.said())
case('ends when its terminal is closed', demo.end(signal.SIGHUP) == 0 and not {p for _, p in listeners()} & ours,
     demo.said())

# ---- by names --------------------------------------------------------------------------

(WORK / 'bin').mkdir()
(WORK / 'bin/avahi-publish').write_text('#!/bin/sh\nexec sleep 600\n')
(WORK / 'bin/avahi-publish').chmod(0o755)
demo = Demo(WORK / 'bin')
demo.process.wait(300)
case('refuses to go on in other names than documents have', demo.process.returncode == 7 and '--reset' in demo.said(),
     demo.said())
shutil.rmtree(FOLDER)
demo = Demo(WORK / 'bin')
case('starts with names', demo.ready() and all(host.startswith(f'yaopai-{name}') and host.endswith('.local')
                                               for name, host in demo.note['hosts'].items()), demo.said())
if demo.note:
    case('says nothing of passkeys that are missing', 'no passkeys' not in demo.said(), demo.said())
    for name in ('wallet', 'desk', 'authority'):
        got = demo.ask(name, Accept='text/html')
        case(f'gives the {name} by its name', got[0] in (200, 404) and '<html' in got[1], got)
    got = demo.ask('wallet', host='www.example.org')
    case('never by another', got[0] in ('SSLError', 'SSLCertVerificationError'), got)
case('ends', demo.end() == 0, demo.said())

print(f'1..{number}')
shutil.rmtree(WORK, ignore_errors=True)
sys.exit(failed != 0)
