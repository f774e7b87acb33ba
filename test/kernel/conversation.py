# Talks to the kernel as a notebook does, and prints what it heard as JSON. Called by jupyter.test.ts.
import json
import os
import time

from jupyter_client import KernelManager
from jupyter_client.kernelspec import KernelSpecManager

os.environ.pop("JPY_PARENT_PID", None)
manager = KernelManager(kernel_name="tslab", kernel_spec_manager=KernelSpecManager())
manager.start_kernel()
client = manager.client()
client.start_channels()
client.wait_for_ready(timeout=60)
heard = {}


def reply(msg_id):
    while True:
        message = client.get_shell_msg(timeout=30)
        if message["parent_header"].get("msg_id") == msg_id:
            return message["content"]


def interrupted(code, pause=1.5, after="execute_input"):
    msg_id = client.execute(code)
    # The kernel has the cell, or the cell shows something; on a busy machine that takes seconds.
    while True:
        message = client.get_iopub_msg(timeout=60)
        if message["parent_header"].get("msg_id") == msg_id and message["msg_type"] == after:
            break
    time.sleep(pause)
    manager.interrupt_kernel()
    return reply(msg_id)


heard["interrupted"] = interrupted("await new Promise(() => setInterval(() => {}, 1000))")
# The cell is still being compiled.
heard["interruptedEarly"] = interrupted("await new Promise(() => setInterval(() => {}, 1000))", 0)
heard["interruptedLoop"] = interrupted("while (true);")
# Work that reports progress stops at its next report, although nothing in it waits for the interrupt.
reply(client.execute("let steps = 0;"))
work = """
import { startProgress } from "operandose-progress";
const work = (async () => {
  const bar = startProgress("long work");
  for (;;) { await new Promise((r) => setTimeout(r, 20)); bar.update(0.5, "step " + steps++); }
})();
await work.catch(() => {});
""".replace("operandose-progress", os.environ["OPERANDOSE_PROGRESS"])
heard["interruptedWork"] = interrupted(work, 0, "display_data")
time.sleep(0.5)
still = """
const before = steps;
await new Promise((r) => setTimeout(r, 300));
if (steps !== before) throw new Error("still at work");
"""
heard["stopped"] = reply(client.execute(still))

first = client.execute("await new Promise((r) => setTimeout(r, 500)); throw new Error('first')")
queued = [client.execute("console.log('second')"), client.execute("console.log('third')")]
heard["failed"] = reply(first)
heard["queued"] = [reply(msg_id) for msg_id in queued]

last = client.execute("console.log('on we go')")
heard["next"] = reply(last)
output = ""
while True:
    message = client.get_iopub_msg(timeout=30)
    if message["parent_header"].get("msg_id") != last:
        continue
    if message["msg_type"] == "stream":
        output += message["content"]["text"]
    if message["msg_type"] == "status" and message["content"]["execution_state"] == "idle":
        break
heard["nextOutput"] = output

# Progress: one display that is updated in place, as Jupyter's documentation of messages has it.
bar = client.execute(
    """
const bar = startProgress("progress of this test");
const pause = () => new Promise((r) => setTimeout(r, 1000));
await pause(); bar.update(0.25, "a quarter"); await pause(); bar.update(0.5, "half"); bar.done("finished");
"""
)
reply(bar)
heard["progress"] = []
while True:
    message = client.get_iopub_msg(timeout=30)
    if message["parent_header"].get("msg_id") != bar:
        continue
    if message["msg_type"] in ("display_data", "update_display_data"):
        heard["progress"].append({"type": message["msg_type"], **message["content"]})
    if message["msg_type"] == "status" and message["content"]["execution_state"] == "idle":
        break

reply(client.execute('import { massAttenuation } from "operandose";'))
heard["completions"] = reply(client.complete("massA", 5))["matches"]
heard["inspected"] = reply(client.inspect("massAttenuation", 5))["data"]["text/plain"]

client.shutdown()
deadline = time.time() + 10
while manager.is_alive() and time.time() < deadline:
    time.sleep(0.1)
heard["exited"] = not manager.is_alive()
manager.cleanup_resources()
print(json.dumps(heard))
