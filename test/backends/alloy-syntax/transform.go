package main

import (
	"encoding/json"
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"

	"github.com/grafana/alloy/syntax/ast"
	"github.com/grafana/alloy/syntax/parser"
)

// processor is the label that Alloy gives the Collector's transform processor.
const processor = "otelcol.processor.transform"

// printTransform writes the statements of the one transform processor in an Alloy file as the configuration of
// the same processor in the OpenTelemetry Collector, in JSON.
func printTransform(out io.Writer, path string) error {
	source, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	file, err := parser.ParseFile(path, source)
	if err != nil {
		return err
	}
	found := []*ast.BlockStmt{}
	for _, statement := range file.Body {
		if block, ok := statement.(*ast.BlockStmt); ok && block.GetBlockName() == processor {
			found = append(found, block)
		}
	}
	if len(found) != 1 {
		return fmt.Errorf("%s: %d blocks %s instead of one", path, len(found), processor)
	}
	groups := map[string][]map[string]any{}
	for _, statement := range found[0].Body {
		block, ok := statement.(*ast.BlockStmt)
		if !ok || !strings.HasSuffix(block.GetBlockName(), "_statements") {
			continue
		}
		group, err := attributes(block)
		if err != nil {
			return fmt.Errorf("%s: %s: %w", path, block.GetBlockName(), err)
		}
		groups[block.GetBlockName()] = append(groups[block.GetBlockName()], group)
	}
	return json.NewEncoder(out).Encode(groups)
}

// attributes reads the attributes of a block, which are strings and lists of strings.
func attributes(block *ast.BlockStmt) (map[string]any, error) {
	read := map[string]any{}
	for _, statement := range block.Body {
		attribute, ok := statement.(*ast.AttributeStmt)
		if !ok {
			return nil, fmt.Errorf("%T is no attribute", statement)
		}
		value, err := literal(attribute.Value)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", attribute.Name.Name, err)
		}
		read[attribute.Name.Name] = value
	}
	return read, nil
}

func literal(expression ast.Expr) (any, error) {
	switch value := expression.(type) {
	case *ast.LiteralExpr:
		return strconv.Unquote(value.Value)
	case *ast.ArrayExpr:
		elements := []any{}
		for _, each := range value.Elements {
			element, err := literal(each)
			if err != nil {
				return nil, err
			}
			elements = append(elements, element)
		}
		return elements, nil
	default:
		return nil, fmt.Errorf("%T is no literal", expression)
	}
}
