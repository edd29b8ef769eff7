"""Long sessions, made from the records of a short real one."""

import datetime
import json
import re
import uuid

UUID = re.compile(r"\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b")
OTHER_IDS = re.compile(r"\b(msg|req|toolu)_[A-Za-z0-9_]+")
INSTANT = re.compile(r"\b\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z")


class Session:
    """A real session of one turn, to be repeated under new ids and at other times."""

    def __init__(self, transcript):
        with open(transcript, encoding="utf-8") as file:
            self.text = file.read()
        self.lines = self.text.splitlines(keepends=True)
        self.id = next(json.loads(line)["sessionId"] for line in self.lines if '"sessionId"' in line)
        self.start = min(instant(found) for found in INSTANT.findall(self.text))

    def again(self, session_id, start, mark):
        """The same turn once more, in a session and from an instant on; `mark` makes its ids its own."""
        space = uuid.uuid5(uuid.NAMESPACE_OID, f"{session_id}/{mark}")
        shift = start - self.start

        def renamed(match):
            found = match.group(0)
            return session_id if found == self.id else str(uuid.uuid5(space, found))

        text = UUID.sub(renamed, self.text)
        text = OTHER_IDS.sub(
            lambda match: f"{match.group(1)}_{uuid.uuid5(space, match.group(0)).hex}", text)
        return INSTANT.sub(lambda match: written(instant(match.group(0)) + shift), text)

    def grow(self, path, session_id, size):
        """Writes a session of at least this many bytes, whole turns, the last an hour ago."""
        now = datetime.datetime.now(datetime.timezone.utc)
        turns = max(0, -(-size // len(self.text.encode())))
        with open(path, "w", encoding="utf-8") as file:
            for turn in range(turns):
                start = now - datetime.timedelta(hours=1, seconds=30 * (turns - turn))
                file.write(self.again(session_id, start, turn))

    def append(self, path, session_id, mark):
        """Adds the turn to a session, as if it happened just now."""
        now = datetime.datetime.now(datetime.timezone.utc)
        with open(path, "a", encoding="utf-8") as file:
            file.write(self.again(session_id, now, mark))


def instant(text):
    """Reads the agent's form of an instant."""
    return datetime.datetime.fromisoformat(text.replace("Z", "+00:00"))


def written(moment):
    """Writes the agent's form of an instant."""
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")
