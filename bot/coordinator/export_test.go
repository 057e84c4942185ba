package coordinator

// Acts tells of each Do whether a press and whether a modal of it is answered.
func (c *Coordinator) Acts() (pressed, submitted []string) {
	for do, a := range c.does {
		if a.press != nil {
			pressed = append(pressed, do)
		}
		if a.submit != nil {
			submitted = append(submitted, do)
		}
	}
	return pressed, submitted
}
