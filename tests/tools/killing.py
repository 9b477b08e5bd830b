# SPDX-License-Identifier: Apache-2.0
"""An authority that may be killed, the wallets that fetch from it, and who
looks at what it shows. For tools/kill-loop and tools/patroni-drill."""
import configparser
import json
import os
import pathlib
import random
import shutil
import signal
import socket
import subprocess
import threading
import time
import urllib.request

PEOPLE = 60
END = 600  # seconds that wallets have to come to an end
CLIENTS = {
    "clients": [{"client_id": "yaopai-wallet", "name": "Yaopai",
                 "redirect_uris": [], "any_redirect_uri": True}],
    "attesters": [{"roots": ["provider-root.pem"], "any_client": True,
                   "keys": True}]}
SETTINGS = {"vci": {"batch": "2", "deferred_seconds": "1"},
            "authority": {"status_list_size": "5000"}}


def free_port():
    """Below those that connections get by themselves: between a kill and the
    next start it is nobody's, and stays free."""
    while True:
        port = random.randrange(20000, 32000)
        try:
            with socket.create_server(("127.0.0.1", port)):
                return port
        except OSError:
            pass


# ---- the authority ----------------------------------------------------------

class Authority:
    def __init__(self, folder, build, store):
        self.folder, self.program = folder, build / "yaopai"
        self.port = free_port()
        self.url = f"http://authority.localhost:{self.port}"
        self.ready = folder / "kill-ready"
        self.child, self.restarts = None, []
        words = ["--store", store] if store else []
        self.run("authority", "init", "--demo", "-C", folder / "a", "--url",
                 self.url, *words)
        self.settle(folder / "a" / "authority.ini")
        self.make_people()
        self.make_clients(build)

    def run(self, *words):
        done = subprocess.run([self.program, *map(str, words)],
                              capture_output=True, text=True)
        if done.returncode != 0:
            raise RuntimeError(f"{words}: {done.stdout}{done.stderr}")

    @staticmethod
    def settle(path):
        ini = configparser.ConfigParser(interpolation=None)
        ini.read_string(path.read_text("utf-8"))
        for section, values in SETTINGS.items():
            if not ini.has_section(section):
                ini.add_section(section)
            for name, value in values.items():
                ini.set(section, name, value)
        with path.open("w", encoding="utf-8") as out:
            ini.write(out)

    def make_people(self):
        people = self.folder / "people.jsonl"
        self.run("person", "generate", "--count", PEOPLE, "--seed", 5, "--out",
                 people)
        self.run("person", "import", "-C", self.folder / "a", people)
        lines = map(json.loads, people.read_text("utf-8").splitlines())
        (self.folder / "numbers.txt").write_text("".join(
            p["number"] + "\n" for p in lines if "identity_card" in p))

    def make_clients(self, build):
        subprocess.run([build / "tests" / "kill-wallets", "prepare",
                        self.folder], check=True)
        shutil.copy(self.folder / "provider-root.pem", self.folder / "a")
        (self.folder / "a" / "clients.json").write_text(json.dumps(CLIENTS))

    def start(self):
        """Seconds until it is ready."""
        began = time.monotonic()
        with open(self.folder / "serve.log", "ab") as log:
            self.child = subprocess.Popen(
                [self.program, "authority", "serve", "-C", self.folder / "a",
                 "--listen", f"127.0.0.1:{self.port}", "--kiosk-listen",
                 "none", "--console-listen", "none"], stdout=subprocess.PIPE,
                stderr=log, text=True, start_new_session=True)
        for line in self.child.stdout:
            if line == "ready\n":
                self.ready.touch()
                return time.monotonic() - began
        raise RuntimeError(f"it ended before it was ready: exit code "
                           f"{self.child.wait()}, see {self.folder}/serve.log")

    def kill(self):
        self.ready.unlink(missing_ok=True)
        os.killpg(self.child.pid, signal.SIGKILL)
        self.child.wait()
        self.child.stdout.close()
        self.child = None


class Observer(threading.Thread):
    """Notes which heads and lists the authority showed, in seen.jsonl."""

    def __init__(self, authority):
        super().__init__(daemon=True)
        self.base = f"http://127.0.0.1:{authority.port}"
        self.out = open(authority.folder / "seen.jsonl", "w", encoding="utf-8")
        self.over = threading.Event()

    def get(self, path):
        try:
            with urllib.request.urlopen(self.base + path, timeout=5) as got:
                return got.read().decode()
        except OSError:
            return None
        except Exception:  # an answer that was cut off
            return None

    def note(self, what):
        self.out.write(json.dumps(what) + "\n")
        self.out.flush()

    def run(self):
        last = {}
        while not self.over.wait(0.4):
            head = self.get("/log/checkpoint")
            if head is not None and head != last.get("head"):
                last["head"] = head
                self.note({"checkpoint": head})
            for number in range(1, 100):
                token = self.get(f"/statuslists/{number}")
                if token is None:
                    break
                if token != last.get(number):
                    last[number] = token
                    self.note({"list": number, "token": token})

    def stop(self):
        self.over.set()
        self.join()
        self.out.close()


# ---- wallets ----------------------------------------------------------------

def start_wallets(authority, build, door, journal, workers, seed):
    """They run until standard input is closed, then print their sums."""
    environment = dict(os.environ, YAOPAI_BUILD=str(build), LC_ALL="C.UTF-8")
    return subprocess.Popen(
        [build / "tests" / "kill-wallets", "run", authority.folder,
         authority.url, door, journal, str(workers), str(seed)],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        env=environment)


def end_wallets(wallets):
    try:
        out, _ = wallets.communicate("", timeout=END)
    except subprocess.TimeoutExpired:
        wallets.kill()
        raise RuntimeError("the wallets do not come to an end (are they of "
                           "the same build as the server?)") from None
    if wallets.returncode != 0:
        raise RuntimeError("the wallets failed")
    return json.loads(out)
