// Reads PromQL expressions, a JSON array on standard input, and says of each whether it is one and what it selects.
import { parser } from "@prometheus-io/lezer-promql";

let input = "";
for await (const chunk of process.stdin) input += chunk;

const read = (expression) => {
  let wrongAt = -1;
  const selectors = [];
  parser.parse(expression).iterate({
    enter: (node) => {
      if (node.type.isError && wrongAt < 0) wrongAt = node.from;
      if (node.name !== "VectorSelector") return;
      const text = (child) => expression.slice(child.from, child.to);
      const metric = node.node.getChild("Identifier");
      const matchers = node.node.getChild("LabelMatchers")?.getChildren("UnquotedLabelMatcher") ?? [];
      selectors.push({
        metric: metric ? text(metric) : "",
        labels: matchers.map((matcher) => text(matcher.getChild("LabelName"))),
      });
    },
  });
  return { expression, wrongAt, selectors };
};

process.stdout.write(JSON.stringify(JSON.parse(input).map(read)));
