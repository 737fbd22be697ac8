"""Whose a run is, where several people share one server.

An app that listens on this machine alone has one person in front of it, whatever the browser: everything is theirs.
Where a teacher has opened it to a classroom, each browser carries an id of its own, made at random, in a cookie; a run
keeps the id's hash, so that whoever can read the history cannot pass for its owner. That is no login: it keeps people
apart who mean no harm.
"""
