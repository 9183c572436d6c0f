"""Drives one kernel by Jupyter's own client: a JSON request a line on stdin, a JSON answer a line on stdout."""
import json
import os
import sys
import time

from jupyter_client.manager import start_new_kernel


def execute(client, manager, code, interrupt_after_ms=None):
    message = client.execute(code)
    if interrupt_after_ms is not None:
        time.sleep(interrupt_after_ms / 1000)
        manager.interrupt_kernel()
    outputs = []
    while True:
        published = client.get_iopub_msg(timeout=60)
        if published["parent_header"].get("msg_id") != message:
            continue
        kind, content = published["msg_type"], published["content"]
        if kind == "status" and content["execution_state"] == "idle":
            break
        if kind != "status":
            outputs.append({"kind": kind, **content})
    while True:
        reply = client.get_shell_msg(timeout=60)
        if reply["parent_header"].get("msg_id") == message:
            return {"outputs": outputs, "reply": reply["content"]}


def main():
    # The kernel inherits our streams: what it prints there must not stand among the answers.
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    manager, client = start_new_kernel(kernel_name=sys.argv[1], startup_timeout=60)
    try:
        print(json.dumps({"ready": True, "info": client.kernel_info(reply=True, timeout=30)["content"]}), file=answers, flush=True)
        for line in iter(sys.stdin.readline, ""):
            request = json.loads(line)
            do = request.pop("do")
            if do == "execute":
                answer = execute(client, manager, **request)
            elif do == "queue":  # all at once, as "Run All" sends them
                messages = [client.execute(code) for code in request["codes"]]
                replies = {}
                while len(replies) < len(messages):
                    reply = client.get_shell_msg(timeout=60)
                    replies[reply["parent_header"].get("msg_id")] = reply["content"]["status"]
                answer = [replies[message] for message in messages]
            elif do == "interrupt":
                manager.interrupt_kernel()
                time.sleep(0.5)
                answer = None
            elif do == "complete":
                answer = client.complete(request["code"], request["position"], reply=True, timeout=30)["content"]
            elif do == "inspect":
                answer = client.inspect(request["code"], request["position"], reply=True, timeout=30)["content"]
            print(json.dumps(answer), file=answers, flush=True)
    except Exception:
        manager.shutdown_kernel(now=True)
        raise
    manager.shutdown_kernel(now=False)


main()
