// Load for `latency`: users who look at something, think, and look at something else.
import http from "k6/http";
import { check, sleep } from "k6";
import { SharedArray } from "k6/data";
import exec from "k6/execution";

// One copy for all users of the load: a thousand would need gigabytes.
const users = new SharedArray("users", () => JSON.parse(open(__ENV.USERS)));
const thinkS = Number(__ENV.THINK_S);

export const options = {
  scenarios: {
    users: { executor: "constant-vus", vus: Number(__ENV.VUS), duration: __ENV.DURATION, gracefulStop: "5s" },
  },
  discardResponseBodies: true,
  noUsageReport: true,
  summaryTrendStats: ["avg", "med", "p(95)", "max"],
  // A threshold makes k6 tell the figures of each kind of page apart.
  thresholds: Object.fromEntries(
    ["list", "activity", "soundtrack", "home", "empty"].map((page) => [`http_req_duration{page:${page}}`, ["max>=0"]]),
  ),
};

function path(page, user) {
  const activity = user.activities[Math.floor(Math.random() * user.activities.length)];
  return {
    list: "/v1/activities?limit=50",
    activity: `/v1/activities/${activity}`,
    soundtrack: `/v1/soundtracks/${activity}`,
    home: "/v1/home?time_zone=Europe/Berlin",
    empty: "/v1/empty",
  }[page];
}

export default function () {
  const user = users[(exec.vu.idInTest - 1) % users.length];
  if (thinkS > 0 && exec.vu.iterationInScenario === 0) {
    sleep(Math.random() * thinkS); // Nobody starts at the same moment.
  }
  const pages = __ENV.PAGES.split(",");
  const page = pages[Math.floor(Math.random() * pages.length)];
  const answer = http.get(__ENV.ADDRESS + path(page, user), {
    headers: { Authorization: `Bearer ${user.token}`, "Accept-Encoding": "gzip" },
    tags: { page },
  });
  check(answer, { "is answered": (found) => found.status === 200 });
  if (thinkS > 0) {
    sleep(thinkS * (0.5 + Math.random()));
  }
}

export function handleSummary(data) {
  return { stdout: JSON.stringify(data.metrics) };
}
