// Validates HTML for as long as it is spoken to: one page per line in (a JSON string), one list of problems out.
// Starting Node for each page would take longer than all the checks together.
import { readFileSync } from "node:fs";
import { createInterface } from "node:readline";
import { HtmlValidate, StaticConfigLoader } from "html-validate";

const rules = JSON.parse(readFileSync(new URL("htmlvalidate.json", import.meta.url), "utf8"));
const validator = new HtmlValidate(new StaticConfigLoader(rules));

for await (const line of createInterface({ input: process.stdin })) {
  const report = await validator.validateString(JSON.parse(line));
  const problems = report.results.flatMap((result) =>
    result.messages.map(({ line, column, ruleId, message }) => `${line}:${column} ${ruleId}: ${message}`),
  );
  process.stdout.write(`${JSON.stringify(problems)}\n`);
}
