package canon

import "reflect"

// readPointer returns the decoder of a pointer whose target elem reads.
func readPointer(elem decoder) decoder {
	return func(text []byte, v reflect.Value) ([]byte, bool) {
		if rest, ok := cut(text, "null"); ok {
			return rest, true
		}
		v.Set(reflect.New(v.Type().Elem()))
		return elem(text, v.Elem())
	}
}

// readList returns the decoder of a slice or an array of what elem reads.
func readList(elem decoder) decoder {
	return func(text []byte, v reflect.Value) (_ []byte, ok bool) {
		isSlice := v.Kind() == reflect.Slice
		if rest, ok := cut(text, "null"); ok && isSlice {
			return rest, true
		}
		if text, ok = cut(text, "["); !ok {
			return nil, false
		}
		if rest, ok := cut(text, "]"); ok && isSlice {
			v.Set(reflect.MakeSlice(v.Type(), 0, 0))
			return rest, true
		}
		for i := 0; ; i++ {
			if isSlice {
				if i == v.Cap() {
					v.Grow(max(i, 4))
				}
				v.SetLen(i + 1)
			} else if i == v.Len() {
				return nil, false
			}
			if text, ok = elem(text, v.Index(i)); !ok {
				return nil, false
			}
			if rest, ok := cut(text, "]"); ok {
				return rest, true
			}
			if text, ok = cut(text, ","); !ok {
				return nil, false
			}
		}
	}
}

// readMap returns the decoder of a map from strings to what elem reads.
func readMap(elem decoder) decoder {
	return func(text []byte, v reflect.Value) (_ []byte, ok bool) {
		if rest, ok := cut(text, "null"); ok {
			return rest, true
		}
		if text, ok = cut(text, "{"); !ok {
			return nil, false
		}
		v.Set(reflect.MakeMap(v.Type()))
		if rest, ok := cut(text, "}"); ok {
			return rest, true
		}
		key, value := reflect.New(v.Type().Key()).Elem(), reflect.New(v.Type().Elem()).Elem()
		for {
			if text, ok = readString(text, key); !ok {
				return nil, false
			}
			if text, ok = cut(text, ":"); !ok {
				return nil, false
			}
			value.SetZero()
			if text, ok = elem(text, value); !ok {
				return nil, false
			}
			v.SetMapIndex(key, value)
			if rest, ok := cut(text, "}"); ok {
				return rest, true
			}
			if text, ok = cut(text, ","); !ok {
				return nil, false
			}
		}
	}
}

// readMembers returns the decoder of a struct, whose members stand in their order
// or are not there.
func readMembers(members []member) decoder {
	return func(text []byte, v reflect.Value) (_ []byte, ok bool) {
		if text, ok = cut(text, "{"); !ok {
			return nil, false
		}
		next := text // where a key may stand: behind the comma from the second on
		for i := range members {
			m := &members[i]
			value, ok := cut(next, m.start)
			if !ok {
				continue
			}
			if text, ok = m.read(value, v.Field(m.index)); !ok {
				return nil, false
			}
			if next, ok = cut(text, ","); !ok {
				break
			}
		}
		return cut(text, "}")
	}
}
