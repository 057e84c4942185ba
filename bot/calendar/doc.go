// Package calendar knows the days of one desk: working days, national holidays of Japan, the desk's own closed days,
// office hours, fiscal years and eras.
//
// It never asks what time it is, reads nothing but what is compiled in, and speaks no language: names of weekdays and
// the form of a date are in the text catalogues. Every question takes the date or the moment it is about.
//
// Two small files of data stand beside the code. holidays.txt says where the holiday library is wrong and how far the
// result was compared with the government's list; eras.txt holds the eras.
//
// Begin reading with Desk, then Rules, from which New makes one.
package calendar
