module ai-trace/yaml

go 1.26.5

require gopkg.in/yaml.v3 v3.0.1
